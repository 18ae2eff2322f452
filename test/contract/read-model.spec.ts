import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PostgresReadModel } from '../../src/read-model/postgres/postgres-read-model';
import { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { openPostgresLive } from '../support/live-read-models';
import { changeReadModel, describeWithPostgres, newDatabase } from '../support/postgres';
import { readModelContract } from './read-model.contract';

readModelContract('sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-'));
  return Promise.resolve({
    open: () => SqliteReadModel.open(join(folder, 'read-models.db')),
    remove: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});

readModelContract(
  'postgresql',
  async () => {
    const { url, drop } = await newDatabase();
    return { open: () => openPostgresLive(url, fail), remove: drop };
  },
  describeWithPostgres,
);

describeWithPostgres('the schema of a read model in PostgreSQL', () => {
  it('is made once when 8 processes start together on an empty database, and all open it', async () => {
    const { url, drop } = await newDatabase();
    const models = await Promise.all(
      Array.from({ length: 8 }, () => PostgresReadModel.open(url, fail)),
    );
    for (const model of models) expect((await model.rowsToRead.checkpoint()).position).toBe(0);
    const rows = await models[0]!.queries.selectFrom('checkpoints').selectAll().execute();
    expect(rows).toHaveLength(1);
    await Promise.all(models.map((model) => model.close()));
    await drop();
  });

  it('is left alone if a newer version made it', async () => {
    const { url, drop } = await newDatabase();
    await (await PostgresReadModel.open(url, fail)).close();
    await changeReadModel(
      { READ_MODEL_URL: url },
      "INSERT INTO kysely_migration VALUES ('9999-of-the-future', '2030-01-01')",
    );
    await expect(PostgresReadModel.open(url, fail)).rejects.toThrow(/another version/);
    await expect(PostgresReadModel.openReader(url, fail)).rejects.toThrow(/another version/);
    await drop();
  });

  it('is found by a reader, who creates nothing', async () => {
    const { url, drop } = await newDatabase();
    const reader = () => PostgresReadModel.openReader(url, fail);
    await expect(reader()).rejects.toThrow(/no read model/);
    await expect(reader()).rejects.toThrow(/no read model/);
    await (await PostgresReadModel.open(url, fail)).close();
    await (await reader()).close();
    await drop();
  });
});

function fail(error: unknown): void {
  throw error;
}
