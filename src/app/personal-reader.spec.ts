import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KeptPersonalKeys } from '../personal/kept-personal-keys';
import { openKeyFile } from '../security/sqlite/open-key-file';
import { openPersonalReader } from './personal-reader';

/** Is killed in a commit, with the journal and some of the changed pages on disk. */
const KILLED = `
  const Database = require('better-sqlite3');
  const db = new Database(process.env.KEYS);
  db.pragma('cache_size = 1');
  db.exec('BEGIN IMMEDIATE');
  const insert = db.prepare("INSERT INTO personal_keys VALUES (?, ?, ?, 0, 0)");
  for (let at = 0; at < 2000; at += 1) insert.run('new ' + at, 'user ' + at, 'x'.repeat(50));
  db.exec("UPDATE personal_keys SET secret = 'half-written' WHERE user_id = 'ann'");
  for (let at = 2000; at < 4000; at += 1) insert.run('new ' + at, 'user ' + at, 'x'.repeat(50));
  process.kill(process.pid, 'SIGKILL');
`;

describe('a reader of personal keys', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-reader-'))));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const open = () =>
    openPersonalReader({ dataDir, readModel: { kind: 'sqlite', path: 'not read' } });

  it('reads the keys although their writer was killed in the middle of a commit', async () => {
    const path = join(dataDir, 'keys.db');
    const file = await openKeyFile(path);
    const made = await new KeptPersonalKeys(file.tables, () => 0).sealing(new Set(['ann']));
    const { id, secret } = made.get('ann')!;
    await file.close();
    const { signal } = spawnSync(process.execPath, ['-e', KILLED], {
      env: { ...process.env, KEYS: path },
    });
    expect([signal, existsSync(`${path}-journal`)]).toEqual(['SIGKILL', true]);
    expect(readFileSync(path).includes('half-written')).toBe(true);
    const opened = open();
    expect(await opened.reader.secrets([id, 'new 0'])).toEqual(new Map([[id, secret]]));
    await opened.close();
  });

  it('knows no key without a file, and makes none', async () => {
    const opened = open();
    expect(await opened.reader.secrets(['any'])).toEqual(new Map());
    await opened.close();
    expect(existsSync(join(dataDir, 'keys.db'))).toBe(false);
  });
});
