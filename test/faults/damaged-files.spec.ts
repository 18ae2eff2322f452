import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { openPlaceOf, SqliteServedReadModel } from '../../src/read-model/sqlite/live-read-model';
import { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { completed, TestService } from '../support/service';

const PAGE_BYTES = 4_096;

/** Overwrites some pages, never the first, with pseudo-random bytes that are the same each time. */
function scribble(path: string): void {
  const bytes = readFileSync(path);
  let state = 1;
  for (let at = 2 * PAGE_BYTES; at < bytes.length; at += 7 * PAGE_BYTES) {
    for (let place = at; place < Math.min(at + PAGE_BYTES, bytes.length); place += 1) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      bytes[place] = state >> 16;
    }
  }
  writeFileSync(path, bytes);
}

function inDatabase(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

describe('a damaged file of a service', () => {
  let dataDir: string;
  let position: string;
  let sound: Awaited<ReturnType<typeof summary>>;

  const summary = async (service: TestService) => {
    const path = `/v1/users/u/usage-summary?period=2026-10&at_least=${position}`;
    const { status, body } = await service.get<{ transcriptions: number; cost: string }>(path);
    expect(status).toBe(200);
    return { transcriptions: body.transcriptions, cost: body.cost };
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-damaged-'));
    const service = await TestService.start({ dataDir });
    const events = Array.from({ length: 600 }, () => completed({ user_id: 'u' }));
    ({ position } = (await service.batch(events)).body);
    sound = await summary(service);
    expect(sound.transcriptions).toBe(600);
    await service.close();
  }, 60_000);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['overwritten', (path) => writeFileSync(path, 'no database'.repeat(3_000))],
    ['overwritten here and there', scribble],
    ['cut in half', (path) => truncateSync(path, 20 * PAGE_BYTES)],
    [
      'left with a checkpoint that was moved back',
      (path) => inDatabase(path, 'UPDATE checkpoints SET size = size - 5, position = position - 5'),
    ],
    [
      'left with a checkpoint that was moved forward',
      (path) => inDatabase(path, 'UPDATE checkpoints SET size = size + 5, position = position + 5'),
    ],
    [
      'left with a checkpoint whose position was moved back',
      (path) => inDatabase(path, 'UPDATE checkpoints SET position = 1'),
    ],
    ['left without a checkpoint', (path) => inDatabase(path, 'DELETE FROM checkpoints')],
  ];

  describe.each(damages)('that was %s', (_, damage) => {
    const path = () => join(dataDir, 'read-models.db');

    it('is removed if it is the read model, which is filled again, and the start reports it', async () => {
      damage(path());
      const said: string[] = [];
      const live = await SqliteServedReadModel.open(path(), (error) => said.push(error.message));
      expect((await live.rowsToRead.checkpoint()).size).toBe(0);
      await live.close();
      expect(said).toEqual([
        expect.stringMatching(new RegExp(`^The read model ${path()} is damaged: .* filled again`)),
      ]);
      const service = await TestService.start({ dataDir });
      expect(await summary(service)).toEqual(sound);
      const more = await service.batch([completed({ user_id: 'other' })]);
      expect(more.body.results[0]!.status).toBe('recorded');
      await service.close();
    });
  });

  it.each([
    ['a list of customers', 'name,city\nann,Oslo\n'.repeat(200)],
    ['another ledger', undefined],
  ])('is left alone if READ_MODEL_URL names %s by mistake', async (_, text) => {
    const path = join(dataDir, 'mistaken.db');
    if (text === undefined) copyFileSync(join(dataDir, 'events.db'), path);
    else writeFileSync(path, text);
    const before = readFileSync(path);
    await expect(SqliteServedReadModel.open(path)).rejects.toThrow('is not a read model');
    expect(() => openPlaceOf(path)).toThrow('is not a read model');
    expect(readFileSync(path)).toEqual(before);
  });

  it.each(damages.slice(0, 2))(
    'that was %s is reported to a reader of the read model',
    async (_, damage) => {
      const path = join(dataDir, 'copy.db');
      copyFileSync(join(dataDir, 'read-models.db'), path);
      damage(path);
      const reading = SqliteReadModel.openReader(path).then(async (reader) => {
        await reader.close();
        return reader.queries;
      });
      const error = await reading.then(
        () => undefined,
        (refused: Error) => refused,
      );
      // A reader does not check the whole file: the serving process finds damage further in.
      if (error !== undefined) {
        expect(error.message).toMatch(/copy\.db is damaged: .*Delete it \(never events\.db/);
      } else expect(damage).toBe(scribble);
    },
  );

  it.each([
    ['overwritten', damages[0]![1], (path: string) => readFileSync(path).subarray(0, 11)],
    ['left with an invalid key', forgeKey, keysIn],
  ] as const)(
    'that was %s is reported and kept if it holds the keys',
    async (_, damage, contentOf) => {
      const path = join(dataDir, 'keys.db');
      const before = readFileSync(path);
      damage(path);
      const content = contentOf(path);
      await expect(TestService.start({ dataDir })).rejects.toThrow(
        new RegExp(`The keys in ${path} can't be read: .*Do not delete the file`),
      );
      expect(contentOf(path)).toEqual(content);
      writeFileSync(path, before);
      await (await TestService.start({ dataDir })).close();
    },
    30_000,
  );
});

function keysIn(path: string): unknown[] {
  const db = new Database(path, { readonly: true });
  const keys = db.prepare('SELECT private_key FROM signing_keys').all();
  db.close();
  return keys;
}

function forgeKey(path: string): void {
  inDatabase(path, "UPDATE signing_keys SET private_key = 'none'");
}
