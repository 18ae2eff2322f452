import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import Database from 'better-sqlite3';

import { openApiKeys, openVault } from '../../../src/app/open-vault';
import type { Vault } from '../../../src/app/vault';
import { ledgerIdOf } from '../../../src/cli/ledger-id';
import { readConfig } from '../../../src/config/config';
import { PostgresSignedHead } from '../../../src/security/postgres/postgres-signed-head';
import { writeSigningKey } from '../../../src/security/signing-keys';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../../support/postgres';
import { completed, TestService } from '../../support/service';

const now = () => Date.parse('2026-11-20T00:00:00Z');

describeWithPostgres('a ledger that moved from files to PostgreSQL', () => {
  let dataDir: string;
  let database: TestDatabase;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-moved-'));
    database = await newDatabase();
  });
  afterEach(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const moved = () =>
    TestService.start({ dataDir, now, environment: { READ_MODEL_URL: database.url } });
  /** How many API keys the command `keys` finds. */
  const keysThere = async () => {
    const config = readConfig({ DATA_DIR: dataDir, READ_MODEL_URL: database.url }, now());
    const vault = await openApiKeys(config);
    try {
      return (await vault.apiKeys.list()).length;
    } finally {
      await vault.close();
    }
  };
  const erase = (service: TestService, user: string) =>
    service.post(`/v1/users/${user}/erase`, 'application/json', '{"reason":"asked"}');
  const usersInFile = () => {
    const file = new Database(join(dataDir, 'keys.db'));
    try {
      const sql = 'SELECT user_id FROM personal_keys ORDER BY user_id';
      return file.prepare<[], string>(sql).pluck().all();
    } finally {
      file.close();
    }
  };

  it('keeps no key of an erased user in the keys.db that it left behind', async () => {
    const before = await TestService.start({ dataDir, now });
    await before.batch(
      ['ann', 'bob'].map((user_id) => completed({ user_id, original_filename: 'a.wav' })),
    );
    await before.close();
    const service = await moved();
    await service.caughtUp();
    expect(usersInFile()).toEqual(['ann', 'bob']);
    expect((await erase(service, 'ann')).status).toBe(201);
    expect(usersInFile()).toEqual(['bob']);
    await service.close();
  });

  it('gets its API keys from the files even if the command keys comes before the first start', async () => {
    const before = await TestService.start({ dataDir, now });
    await before.one(completed({ original_filename: 'a.wav' }));
    await before.close();
    expect(await keysThere()).toBe(4);
    const service = await moved();
    expect((await erase(service, 'ann')).status).toBe(201);
    await service.close();
  });

  it('gets nothing from the keys.db of a trial while there is no ledger', async () => {
    const trial = await TestService.start({ dataDir, now });
    await trial.one(completed({ original_filename: 'a.wav' }));
    await trial.close();
    rmSync(join(dataDir, 'events.db'));
    expect(await keysThere()).toBe(0);
    // Otherwise the trial's roots would be there, and no other ledger could be served.
    await (await moved()).close();
  });

  describe('keeps its signing key', () => {
    let files: Vault;
    let empty: string;
    let ledgerId: string;
    const keysOf = async ({ signingKeys }: Vault) =>
      (await signingKeys.all(now())).map(writeSigningKey);
    const onPostgres = (folder: string) =>
      openVault(readConfig({ DATA_DIR: folder, READ_MODEL_URL: database.url }, now()), ledgerId);
    beforeEach(async () => {
      const before = await TestService.start({ dataDir, now });
      await before.one(completed());
      await before.close();
      const config = readConfig({ DATA_DIR: dataDir }, now());
      ledgerId = await ledgerIdOf(config);
      files = await openVault(config, ledgerId);
      empty = mkdtempSync(join(tmpdir(), 'minutebook-moved-'));
    });
    afterEach(async () => {
      await files.close();
      rmSync(empty, { recursive: true });
    });

    it('although another instance starts while everything else is copied: that one waits', async () => {
      let other: Promise<string[]> | undefined;
      const vaults: Vault[] = [];
      const move = jest.spyOn(PostgresSignedHead.prototype, 'moveSignedHead');
      move.mockImplementationOnce(async function (this: PostgresSignedHead, ...heads) {
        vaults.push(await onPostgres(empty));
        other = keysOf(vaults[0]!);
        await Promise.race([other, sleep(500)]);
        return this.moveSignedHead(...heads);
      });
      try {
        vaults.push(await onPostgres(dataDir));
        expect(await keysOf(vaults[1]!)).toEqual(await keysOf(files));
        expect(await other).toEqual(await keysOf(files));
      } finally {
        move.mockRestore();
        for (const vault of vaults) await vault.close();
      }
    });

    it('or does not start, if another instance made one first', async () => {
      const other = await onPostgres(empty);
      const [made] = await keysOf(other);
      await expect(onPostgres(dataDir)).rejects.toThrow('made a new signing key in PostgreSQL');
      await expect(onPostgres(dataDir)).rejects.toThrow('made a new signing key in PostgreSQL');
      // What the message says.
      await other.tables.batch([{ sql: 'DELETE FROM minutebook.signing_keys' }]);
      const vault = await onPostgres(dataDir);
      expect(await keysOf(vault)).toEqual(await keysOf(files));
      expect(await keysOf(vault)).not.toContain(made);
      for (const one of [other, vault]) await one.close();
    });
  });

  it('touches no keys.db of another ledger, which may have a user of the same name', async () => {
    const other = await TestService.start({ dataDir, now });
    await other.one(completed({ original_filename: 'a.wav' }));
    await other.close();
    rmSync(join(dataDir, 'events.db'));
    const keys = readFileSync(join(dataDir, 'keys.db'));
    rmSync(join(dataDir, 'keys.db'));
    await (await moved()).close();
    writeFileSync(join(dataDir, 'keys.db'), keys);
    const service = await moved();
    await service.one(completed({ original_filename: 'b.wav' }));
    expect((await erase(service, 'ann')).status).toBe(201);
    await service.close();
    expect(usersInFile()).toEqual(['ann']);
  });

  it('destroys it at the next start if it was erased by an instance that does not have the file', async () => {
    const before = await TestService.start({ dataDir, now });
    await before.one(completed({ original_filename: 'a.wav' }));
    await before.close();
    const service = await moved();
    await service.caughtUp();
    const file = new Database(join(dataDir, 'keys.db'));
    const [row] = file.prepare<[], object>('SELECT * FROM personal_keys').all();
    await erase(service, 'ann');
    await service.close();
    const sql =
      'INSERT INTO personal_keys (key_id, user_id, secret, created_at, retired) VALUES (@key_id, @user_id, @secret, @created_at, @retired)';
    file.prepare(sql).run(row);
    file.close();
    await (await moved()).close();
    expect(usersInFile()).toEqual([]);
  });
});
