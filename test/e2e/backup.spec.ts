import { randomUUID } from 'node:crypto';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { copyDatabase } from '../../src/lib/copy-database';
import { addNewerPersonalKeys } from '../../src/security/sqlite/newer-personal-keys';
import { openKeyFile } from '../../src/security/sqlite/open-key-file';
import { KeptPersonalKeys } from '../../src/personal/kept-personal-keys';
import { build, run } from '../support/process';
import { verified } from '../support/restored';
import { completed, TestService } from '../support/service';
import { SteadyWriter } from '../support/steady-writer';

const now = () => Date.parse('2026-11-20T00:00:00Z');

describe('a backup', () => {
  let folder: string;
  let dataDir: string;
  beforeAll(build);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-backup-'));
    dataDir = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const backUp = (out: string, ...more: string[]) =>
    run(['backup', '--out', join(folder, out), ...more], { DATA_DIR: dataDir });
  const named = (user: string) =>
    completed({ session_id: user, user_id: user, original_filename: `${user}.wav` });

  it('is made while the service runs, and is a ledger that continues all signed roots', async () => {
    const service = await TestService.start({ dataDir, now });
    await service.batch([named('ann'), named('bob')]);
    const made = await backUp('copy', '--json');
    await service.batch([named('cleo')]);
    await service.close();
    expect(JSON.parse(made.stdout)).toEqual({
      folder: join(folder, 'copy'),
      position: 3,
      keys: true,
    });
    expect(statSync(join(folder, 'copy')).mode & 0o77).toBe(0);
    for (const name of ['events.db', 'keys.db']) {
      expect(statSync(join(folder, 'copy', name)).mode & 0o77).toBe(0);
    }
    // The first keys are not in a backup: whoever needs them has them. The keys' hashes are.
    cpSync(join(dataDir, 'initial-keys.json'), join(folder, 'copy', 'initial-keys.json'));
    const copy = await TestService.start({ dataDir: join(folder, 'copy'), now });
    const { body } = await copy.get<{ items: object[] }>('/v1/users/bob/usage-logs?at_least=3');
    expect(body.items).toMatchObject([{ original_filename: 'bob.wav' }]);
    await copy.close();
    expect(await verified(join(folder, 'copy'))).toMatchObject({ faults: 0 });
  });

  it('holds the key of a user who appeared while it was made', async () => {
    mkdirSync(dataDir);
    const [live, copy] = [join(dataDir, 'keys.db'), join(folder, 'keys.db')];
    const file = await openKeyFile(live);
    const keys = new KeptPersonalKeys(file.tables, now);
    const first = await keys.sealing(new Set(['ann', 'bob']));
    copyDatabase(live, copy);
    await file.moveSignedHead(undefined, { size: 7, root: 'r' });
    // In the meantime cleo is new, and ann gets another key.
    await keys.retire('ann');
    const later = await keys.sealing(new Set(['ann', 'cleo']));
    await file.close();
    addNewerPersonalKeys(live, copy);
    const copied = await openKeyFile(copy);
    const found = new KeptPersonalKeys(copied.tables, now);
    expect(await found.sealing(new Set(['ann', 'bob', 'cleo']))).toEqual(
      new Map([...first, ...later]),
    );
    expect(await found.missing([first.get('ann')!.id])).toEqual([]);
    expect(await copied.signedHead()).toBeUndefined();
    await copied.close();
  });

  it('of a keys.db whose writer was killed holds nothing half-written', async () => {
    mkdirSync(dataDir);
    const [live, killed] = [join(dataDir, 'keys.db'), join(folder, 'killed.db')];
    await (await openKeyFile(live)).close();
    const db = new Database(live);
    // With a cache of a few pages, SQLite writes to the file before the transaction ends.
    db.pragma('cache_size = 5');
    db.exec('BEGIN IMMEDIATE');
    const add = db.prepare("INSERT INTO personal_keys VALUES (?, ?, 'secret', 0, 0)");
    for (let at = 0; at < 5_000; at += 1) add.run(`key-${at}`, `user-${at}`);
    cpSync(live, killed);
    cpSync(`${live}-journal`, `${killed}-journal`);
    db.exec('ROLLBACK');
    db.close();
    expect(statSync(killed).size).toBeGreaterThan(100_000);
    copyDatabase(killed, join(folder, 'copy.db'));
    const copy = new Database(join(folder, 'copy.db'));
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.prepare('SELECT count(*) FROM personal_keys').pluck().get()).toBe(0);
    copy.close();
  });

  it('of a damaged keys.db is refused', async () => {
    mkdirSync(dataDir);
    const live = join(dataDir, 'keys.db');
    await (await openKeyFile(live)).close();
    const file = openSync(live, 'r+');
    // The last page, behind the one with the tables' names.
    writeSync(file, Buffer.alloc(4_096, 7), 0, 4_096, statSync(live).size - 4_096);
    closeSync(file);
    expect(() => copyDatabase(live, join(folder, 'copy.db'))).toThrow(`${live} is damaged`);
  });

  it('keeps nobody who writes to keys.db waiting for more than a small part of the time', async () => {
    mkdirSync(dataDir);
    const [live, copy] = [join(dataDir, 'keys.db'), join(folder, 'keys.db')];
    await (await openKeyFile(live)).close();
    const db = new Database(live);
    const add = db.prepare(
      "INSERT INTO personal_keys VALUES (?, ?, 'a secret of 43 characters', 0, 0)",
    );
    db.transaction(() => {
      for (let at = 0; at < 150_000; at += 1) add.run(randomUUID(), `user-${at}`);
    })();
    db.close();
    const writer = await SteadyWriter.start(live);
    const before = performance.now();
    copyDatabase(live, copy);
    addNewerPersonalKeys(live, copy);
    const took = performance.now() - before;
    const { writes, longestMs } = await writer.stop();
    expect(writes).toBeGreaterThan(1);
    expect(longestMs).toBeLessThan(took / 3);
  });

  it('replaces nothing, and says what is wrong', async () => {
    const none = await backUp('copy');
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('There is no keys.db in');
    mkdirSync(dataDir);
    await (await openKeyFile(join(dataDir, 'keys.db'))).close();
    const keysAlone = await backUp('copy');
    expect([keysAlone.status, keysAlone.stderr]).toEqual([1, expect.stringContaining('no ledger')]);
    expect(readdirSync(folder)).toEqual(['data']);
    await (await TestService.start({ dataDir, now })).close();
    mkdirSync(join(folder, 'full', 'of'), { recursive: true });
    const full = await backUp('full');
    expect([full.status, full.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
    const nowhere = await backUp('no/such/copy');
    expect([nowhere.status, nowhere.stdout]).toEqual([1, '']);
    // What an interrupted run has left is in nobody's way.
    mkdirSync(join(folder, 'copy.unfinished'));
    cpSync(join(dataDir, 'keys.db'), join(folder, 'copy.unfinished', 'keys.db'));
    expect((await backUp('copy')).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['copy', 'data', 'full']);
    const db = new Database(join(folder, 'copy', 'events.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it('of keys alone fails if there are none: DATA_DIR is wrong', async () => {
    const wrong = await run(['backup', '--out', join(folder, 'copy'), '--json'], {
      DATA_DIR: dataDir,
      EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false',
    });
    expect([wrong.status, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain(`There is no keys.db in ${dataDir}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a ledger on servers is refused, with what to do instead', async () => {
    const away = await run(['backup', '--out', join(folder, 'copy')], {
      DATA_DIR: dataDir,
      EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false',
      READ_MODEL_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([away.status, away.stderr]).toEqual([2, expect.stringContaining('their own tools')]);
  });
});
