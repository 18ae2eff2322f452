import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import Database from 'better-sqlite3';

import { ROOT } from '../support/markdown';
import { blocksOf } from '../support/page-run';
import { build, ServingProcess } from '../support/process';
import { BATCH, completed, type Answer } from '../support/service';

const COPIES = 40;
/** Users before the first copy: a larger file takes longer to copy, so that more is written meanwhile. */
const USERS = 9_000;
const PAGE = 'docs/how-to/back-up-and-restore.md';
const run = promisify(execFile);

/** The page's commands that copy keys.db and need no further program. */
const commands = blocksOf(PAGE).filter(
  ({ kind, text }) =>
    kind === 'sh' && /minutebook-backup\/keys\.db/.test(text) && !/sqlite3 /.test(text),
);

describe('keys.db, copied under load as the page on backups says', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-backed-up-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is whole each time, has the key of every user who was answered before, and is private', async () => {
    expect(commands).toHaveLength(1);
    const backup = join(folder, 'minutebook-backup');
    mkdirSync(backup);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const command = `umask 077\n${commands[0]!.text.replaceAll('/tmp/', `${folder}/`)}`;
    const service = await ServingProcess.start(join(folder, 'data'));
    const post = async (users: readonly string[]) => {
      const response = await service.fetch('/v1/events', {
        method: 'POST',
        headers: { 'content-type': BATCH },
        body: JSON.stringify(
          users.map((user_id) => completed({ user_id, original_filename: 'a.mp3' })),
        ),
      });
      const { results } = (await response.json()) as Answer;
      expect(results.every(({ status }) => status === 'recorded')).toBe(true);
      answered += users.length;
    };
    let answered = 0;
    let running = true;
    await post(Array.from({ length: USERS }, (_, at) => `early-${at}`));
    // Each event is of a new user, so each makes a key.
    const workers = Array.from({ length: 16 }, async (_, worker) => {
      for (let at = 0; running; at += 1) await post([`user-${worker}-${at}`]);
    });
    try {
      for (let copy = 0; copy < COPIES; copy += 1) {
        const before = answered;
        await run('bash', ['-ec', command], { cwd: folder });
        const path = join(backup, 'keys.db');
        expect(statSync(path).mode & 0o077).toBe(0);
        const db = new Database(path, { readonly: true });
        expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
        const keys = db.prepare('SELECT count(*) FROM personal_keys').pluck().get();
        expect(keys).toBeGreaterThanOrEqual(before);
        db.close();
      }
    } finally {
      running = false;
    }
    await Promise.all(workers);
    expect(answered).toBeGreaterThan(USERS + COPIES);
    expect(await service.stop()).toBe(0);
  }, 300_000);
});
