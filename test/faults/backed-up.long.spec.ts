import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { build, run, ServingProcess } from '../support/process';
import { verified } from '../support/restored';
import { BATCH, completed, type Answer } from '../support/service';

const COPIES = 15;
/** Users before the first copy: larger files take longer to copy, so that more is written meanwhile. */
const USERS = 9_000;

describe('a ledger that is backed up under load', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-backed-up-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is whole each time, has all that was acknowledged before, and the keys of all its users', async () => {
    const service = await ServingProcess.start(join(folder, 'data'));
    const post = async (users: readonly string[]) => {
      const response = await service.fetch('/v1/events', {
        method: 'POST',
        headers: { 'content-type': BATCH },
        body: JSON.stringify(
          users.map((user_id) => completed({ user_id, original_filename: 'a.mp3' })),
        ),
      });
      const { position, results } = (await response.json()) as Answer;
      expect(results.every(({ status }) => status === 'recorded')).toBe(true);
      answered += users.length;
      last = Math.max(last, Number(position));
    };
    let answered = 0;
    let last = 0;
    let running = true;
    await post(Array.from({ length: USERS }, (_, at) => `early-${at}`));
    // Each event is of a new user, so each makes a key.
    const workers = Array.from({ length: 16 }, async (_, worker) => {
      for (let at = 0; running; at += 1) await post([`user-${worker}-${at}`]);
    });
    try {
      for (let copy = 0; copy < COPIES; copy += 1) {
        const before = last;
        const out = join(folder, `copy-${copy}`);
        const { status, stdout, stderr } = await run(['backup', '--out', out, '--json'], {
          DATA_DIR: join(folder, 'data'),
        });
        expect([status, stderr]).toEqual([0, '']);
        const { position } = JSON.parse(stdout) as { position: number };
        expect(position).toBeGreaterThanOrEqual(before);
        expect(keysMissingIn(out)).toEqual([]);
      }
    } finally {
      running = false;
    }
    await Promise.all(workers);
    expect(answered).toBeGreaterThan(USERS + COPIES);
    expect(await service.stop()).toBe(0);
    const newest = join(folder, `copy-${COPIES - 1}`);
    expect(await run(['rebuild', '--json'], { DATA_DIR: newest })).toMatchObject({ status: 0 });
    expect(await verified(newest)).toMatchObject({ faults: 0 });
  }, 300_000);
});

/** Returns the ids of keys that events of a ledger name, and that its `keys.db` lacks. Checks both files, too. */
function keysMissingIn(folder: string): unknown[] {
  const db = new Database(join(folder, 'events.db'));
  try {
    db.prepare('ATTACH ? AS keys').run(join(folder, 'keys.db'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('keys.integrity_check', { simple: true })).toBe('ok');
    return db
      .prepare(
        `SELECT DISTINCT body ->> '$.personal.key' AS key FROM events WHERE key IS NOT NULL
           AND key NOT IN (SELECT key_id FROM keys.personal_keys)`,
      )
      .all();
  } finally {
    db.close();
  }
}
