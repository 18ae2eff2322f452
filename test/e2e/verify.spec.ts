import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { verify, type VerifyResult } from '../../src/verify/verify';
import { readConfig } from '../../src/config/config';
import { withVerifyParts } from '../../src/app/audit-parts';
import { eventually } from '../support/eventually';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');

/** Damages the copy of a sound ledger in a folder. */
type Damage = (folder: string) => void;

function verified(folder: string, keys?: readonly string[]): Promise<VerifyResult> {
  const config = readConfig({ DATA_DIR: folder }, NOW);
  return withVerifyParts(config, keys, (parts) =>
    verify(parts, { scanned: () => undefined, replayed: () => undefined }),
  );
}

/** Changes the store's file as an insider would: lifts the guards, and puts them back. */
function inStore(sql: string): Damage {
  return (folder) => {
    const db = new Database(join(folder, 'events.db'));
    const guards = db
      .prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
      .pluck()
      .all() as string[];
    db.exec('DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed');
    db.exec(sql);
    for (const guard of guards) db.exec(guard);
    db.close();
  };
}

function inReadModel(sql: string): Damage {
  return (folder) => {
    const db = new Database(join(folder, 'read-models.db'));
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    db.close();
  };
}

/** Shifts every position after `after` by one, as if nothing had happened there. */
const renumber = (after: number, by: 1 | -1) =>
  `UPDATE events SET position = -position WHERE position > ${after};
   UPDATE events SET position = -position + ${by} WHERE position < 0;`;

/** Swaps two positions. Both events keep their streams and revisions. */
const swap = (a: number, b: number) =>
  `UPDATE events SET position = 900000 WHERE position = ${a};
   UPDATE events SET position = ${a} WHERE position = ${b};
   UPDATE events SET position = ${b} WHERE position = 900000;`;

const cut = (last: number) =>
  `DELETE FROM events WHERE position > ${last};
   UPDATE streams SET revision = coalesce((SELECT max(revision) FROM events WHERE stream_id = streams.id), -1);
   DELETE FROM streams WHERE revision = -1;`;

const flipByte: Damage = (folder) => {
  const path = join(folder, 'events.db');
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('"duration_seconds":"91"');
  expect(at).toBeGreaterThan(0);
  bytes[at + '"duration_seconds":"9'.length] = '7'.charCodeAt(0);
  writeFileSync(path, bytes);
};

const damageHeader: Damage = (folder) => {
  const path = join(folder, 'events.db');
  const bytes = readFileSync(path);
  const page = 4096;
  const middle = Math.floor(bytes.length / page / 2);
  bytes.fill(0xff, middle * page, middle * page + 12);
  writeFileSync(path, bytes);
};

const forgetReadModel: Damage = (folder) => {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('read-models.db')) rmSync(join(folder, name));
  }
};

const editRoot: Damage = (folder) => {
  const name = readdirSync(join(folder, 'checkpoints'))
    .filter((one) => /^\d/.test(one))
    .at(-1)!;
  const path = join(folder, 'checkpoints', name);
  const lines = readFileSync(path, 'utf8').split('\n');
  lines[2] = Buffer.alloc(32, 7).toString('base64');
  writeFileSync(path, lines.join('\n'));
};

const forgetRoots: Damage = (folder) => rmSync(join(folder, 'checkpoints'), { recursive: true });

/** Changes the body of the event at a position. */
const replaceAt = (position: number, from: string, to: string) =>
  `UPDATE events SET body = replace(body, '${from}', '${to}') WHERE position = ${position}`;

/** The position of an event whose duration is 91. */
const CHANGED = 22;
const CARD = 2;

describe('verify', () => {
  const folders: string[] = [];
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-verify-'));
    folders.push(folder);
    return folder;
  };
  let sound: string;
  /** The folder of a killed process: its recent events are in the write-ahead log beside the file. */
  let killed: string;

  beforeAll(async () => {
    sound = newFolder();
    killed = newFolder();
    const service = await TestService.start({ dataDir: sound, now: () => NOW });
    const card = {
      currency: 'TWD',
      effective_from: '2026-12-01T00:00:00Z',
      prices: { default: { amount: '0.05' } },
    };
    expect((await service.write('POST', '/v1/rate-cards', card)).status).toBe(201);
    const events = Array.from({ length: 60 }, (_, at) =>
      completed({
        duration_seconds: at % 2 === 0 ? 90 : 91,
        user_id: at % 3 === 0 ? 'ann' : 'bob',
      }),
    );
    await service.batch(events);
    const fee = {
      user_id: 'ann',
      period: '2026-10',
      amount_cents: 5,
      reason: 'fee',
    };
    expect((await service.write('POST', '/v1/adjustments', fee)).status).toBe(201);
    const close = await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    expect(close.status).toBe(201);
    const late = Array.from({ length: 40 }, () => completed({}, { time: '2026-11-03T10:00:00Z' }));
    const { position } = (await service.batch(late)).body;
    await service.get(`/v1/audit/root?at_least=${position}`);
    // The root of the close is kept shortly after the answer.
    await eventually(() =>
      readdirSync(join(sound, 'checkpoints')).some((name) => /^\d/.test(name)),
    );
    cpSync(sound, killed, { recursive: true });
    await service.close();
  }, 60_000);
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const damaged = async (...damages: readonly Damage[]) => {
    const folder = newFolder();
    cpSync(sound, folder, { recursive: true });
    for (const damage of damages) damage(folder);
    return verified(folder);
  };

  it('finds nothing in a sound ledger, and says what it checked', async () => {
    const result = await verified(sound);
    expect(result.items).toEqual([]);
    expect(result).toMatchObject({
      faults: 0,
      events: 104,
      position: '104',
      newest_signed_root: 104,
      closed_periods_checked: 1,
    });
    expect(result.rows_compared).toBeGreaterThan(200);
    expect(result.signed_roots_checked).toBeGreaterThan(1);
  });

  it('finds nothing in the ledger of a process that was killed', async () => {
    expect((await verified(killed)).items).toEqual([]);
  });

  const insert = `INSERT INTO events
    SELECT 31, stream_id, revision + 1, randomblob(16), type, recorded_at, replace(body, '"id":"', '"id":"x')
    FROM events WHERE position = 30;
    UPDATE streams SET revision = revision + 1 WHERE id = (SELECT stream_id FROM events WHERE position = 30);`;

  it.each<[string, Damage[], { kind: string; index?: number | null; says?: RegExp }]>([
    [
      'an amount changed in an event',
      [inStore(replaceAt(CHANGED, '"91"', '"19"'))],
      { kind: 'changed', index: CHANGED - 1, says: /signed root of 104 events/ },
    ],
    [
      'an event removed',
      [inStore(`DELETE FROM events WHERE position = 40`)],
      { kind: 'store', says: /After position 39 comes 41/ },
    ],
    [
      'an event removed, and the rest renumbered',
      [
        inStore(
          `${'DELETE FROM events WHERE position = 40;'}${renumber(40, -1)}DELETE FROM streams WHERE id NOT IN (SELECT stream_id FROM events)`,
        ),
      ],
      { kind: 'removed', index: 39, says: /an event before it is missing/ },
    ],
    [
      'an event inserted',
      [inStore(`${renumber(30, 1)}${insert}`)],
      { kind: 'inserted', index: 30, says: /nobody counted/ },
    ],
    [
      'two events swapped',
      [inStore(swap(25, 33))],
      { kind: 'swapped', index: 24, says: /index 32/ },
    ],
    ['a byte flipped in the file', [flipByte], { kind: 'changed' }],
    [
      'a page of the file overwritten',
      [damageHeader],
      { kind: 'store', says: /damaged|not usable/ },
    ],
    [
      'a card edited in its event',
      [inStore(replaceAt(CARD, '"0.05"', '"0.01"'))],
      { kind: 'changed', index: 1 },
    ],
    [
      'the time of recording changed',
      [inStore(`UPDATE events SET recorded_at = recorded_at - 1 WHERE position = 50`)],
      { kind: 'changed', index: 49 },
    ],
    [
      'a time of recording that no calendar has',
      [inStore('UPDATE events SET recorded_at = 8640000000000001 WHERE position = 50')],
      { kind: 'event', index: 49, says: /cannot be read/ },
    ],
    [
      'an opening without plans',
      [inStore(replaceAt(1, '"plans":', '"plsns":'))],
      { kind: 'event', index: 0, says: /cannot be read/ },
    ],
    [
      'an attempt that is a text',
      [inStore(replaceAt(CHANGED, '"attempt":1', '"attempt":"1"'))],
      { kind: 'event', index: CHANGED - 1, says: /not in the form/ },
    ],
    [
      'an event moved to another session',
      [
        inStore(
          `UPDATE streams SET name = 'session-other' WHERE id = (SELECT stream_id FROM events WHERE position = 50)`,
        ),
      ],
      { kind: 'event', index: 49, says: /does not belong/ },
    ],
    [
      'the last events cut off',
      [inStore(cut(100))],
      { kind: 'tail_missing', index: 100, says: /4 events/ },
    ],
    [
      'the last events cut off, and the read model with them',
      [inStore(cut(100)), forgetReadModel],
      { kind: 'read_model' },
    ],
    [
      'a row of the read model edited',
      [
        inReadModel(
          `UPDATE usage_logs SET billed_seconds = billed_seconds || '0' WHERE attempt = 1 AND id = (SELECT min(id) FROM usage_logs)`,
        ),
      ],
      { kind: 'read_model', says: /usage_logs .*: billed_seconds does not follow/ },
    ],
    [
      'a row of the read model removed',
      [inReadModel(`DELETE FROM statements WHERE user_id = 'bob'`)],
      { kind: 'read_model', says: /statements bob .*: the row is missing/ },
    ],
    [
      'the card edited in the read model',
      [inReadModel(`UPDATE checkpoints SET agreement = replace(agreement, '"0.05"', '"0.01"')`)],
      { kind: 'read_model', says: /checkpoints/ },
    ],
    ['a kept root edited', [editRoot], { kind: 'signed_root', says: /the text was changed/ }],
    [
      'the kept roots removed',
      [forgetRoots],
      { kind: 'signed_root', says: /There is no signed root that can be trusted/ },
    ],
    [
      'the guards of the file lifted',
      [
        (folder) => {
          const db = new Database(join(folder, 'events.db'));
          db.exec('DROP TRIGGER events_are_never_changed');
          db.close();
        },
      ],
      { kind: 'store', says: /guard/ },
    ],
    [
      'a guard of the file replaced by one of the same name without effect',
      [
        (folder) => {
          const db = new Database(join(folder, 'events.db'));
          db.exec(`DROP TRIGGER events_are_never_changed;
            CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
              WHEN OLD.position < 0 BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;`);
          db.close();
        },
      ],
      { kind: 'store', says: /events_are_never_changed.* is not the one that this program makes/ },
    ],
    [
      'an index of the file replaced by one that is not unique',
      [
        (folder) => {
          const db = new Database(join(folder, 'events.db'));
          db.exec(`DROP INDEX events_by_stream;
            CREATE INDEX events_by_stream ON events (stream_id, revision);`);
          db.close();
        },
      ],
      { kind: 'store', says: /events_by_stream.* is not the one/ },
    ],
    [
      'a foreign guard',
      [
        (folder) => {
          const db = new Database(join(folder, 'events.db'));
          db.exec(`CREATE TRIGGER quiet AFTER INSERT ON events BEGIN
            SELECT 1; END;`);
          db.close();
        },
      ],
      { kind: 'store', says: /a trigger "quiet" that is not ours/ },
    ],
    [
      'text that is not JSON',
      [inStore(`UPDATE events SET body = 'x' WHERE position = 60`)],
      { kind: 'event', index: 59, says: /cannot be read/ },
    ],
  ])('finds %s', async (_, damages, { kind, index, says }) => {
    const result = await damaged(...damages);
    expect(result.faults).toBeGreaterThan(0);
    const fault = result.items.find((one) => one.kind === kind);
    expect({ found: fault, all: result.items.map((one) => one.detail) }).toMatchObject({
      found: { kind },
    });
    if (index !== undefined) expect(fault!.index).toBe(index);
    if (says !== undefined) expect(fault!.detail).toMatch(says);
  });

  describe('finds an event that the service would have refused, added after the newest signed root:', () => {
    /** Adds an event to a sound ledger, as somebody with access to its file could, and serves it once more. */
    const added = async (
      event: (facts: Map<string, string>) => { stream: string; type: string; body: string },
    ) => {
      const folder = newFolder();
      cpSync(sound, folder, { recursive: true });
      const db = new Database(join(folder, 'events.db'));
      const bodies = db
        .prepare('SELECT s.name, e.body FROM events e JOIN streams s ON s.id = e.stream_id')
        .raw()
        .all() as [string, string][];
      const { stream, type, body } = event(new Map(bodies));
      const one = db.prepare('SELECT id, revision FROM streams WHERE name = ?').get(stream) as {
        id: number;
        revision: number;
      };
      db.prepare('UPDATE streams SET revision = revision + 1 WHERE id = ?').run(one.id);
      db.prepare(
        `INSERT INTO events SELECT max(position) + 1, ?, ?, randomblob(16), ?, max(recorded_at), ? FROM events`,
      ).run(one.id, one.revision + 1, type, body);
      db.close();
      forgetReadModel(folder);
      const service = await TestService.start({ dataDir: folder, now: () => NOW });
      await service.get('/v1/audit/root');
      await service.close();
      return verified(folder);
    };
    const aSession = (facts: Map<string, string>) =>
      [...facts].find(([stream]) => stream.startsWith('session-'))!;

    it('a second outcome of an attempt', async () => {
      const { items } = await added((facts) => {
        const [stream, body] = aSession(facts);
        const again = body.replace(/"id":"[^"]+"/, '"id":"another"');
        return { stream, type: 'transcription.session.completed', body: again };
      });
      expect(items.map((one) => one.detail).join()).toMatch(/Attempt 1 .* already has an outcome/);
    });

    it('another user’s fact', async () => {
      const { items } = await added((facts) => {
        const [stream, body] = aSession(facts);
        const other = body
          .replace(/"id":"[^"]+"/, '"id":"another"')
          .replace(/"user_id":"[^"]+"/, '"user_id":"eve"');
        return { stream, type: 'transcription.session.completed', body: other };
      });
      expect(items.map((one) => one.detail).join()).toMatch(/belongs to a different user/);
    });

    it('a repeated fact', async () => {
      const { items } = await added((facts) => {
        const [stream, body] = aSession(facts);
        return { stream, type: 'transcription.session.completed', body };
      });
      expect(items.map((one) => one.detail).join()).toMatch(/already has this fact/);
    });

    it('an adjustment of a closed period', async () => {
      const { items } = await added((facts) => {
        const body = facts.get('account-ann')!;
        const again = body.replace(/"adjustment_id":"[^"]+"/, '"adjustment_id":"another"');
        return { stream: 'account-ann', type: 'usage.adjusted', body: again };
      });
      expect(items.map((one) => one.detail).join()).toMatch(/2026-10, which was already closed/);
    });

    it('a second close of a period', async () => {
      const { items } = await added((facts) => ({
        stream: 'billing_period-2026-10',
        type: 'billing_period.closed',
        body: facts.get('billing_period-2026-10')!,
      }));
      expect(items.map((one) => one.detail).join()).toMatch(/2026-10 was already closed/);
    });
  });

  it('finds a cut tail by the newest signed root alone, if the read model was rebuilt from the rest', async () => {
    const folder = newFolder();
    cpSync(sound, folder, { recursive: true });
    inStore(cut(100))(folder);
    forgetReadModel(folder);
    const roots = join(folder, 'checkpoints');
    const before = readdirSync(roots);
    const again = await TestService.start({ dataDir: folder, now: () => NOW });
    await again.get('/v1/audit/root?at_least=100');
    await again.close();
    expect(readdirSync(roots)).toEqual(before);
    const { items } = await verified(folder);
    expect(items.map((one) => one.kind)).toEqual(['signed_root', 'tail_missing']);
    expect(items[1]!.detail).toContain('the last 4 are missing');
  });

  it('names the stretch with changed events, if the read model was rebuilt from them', async () => {
    const folder = newFolder();
    cpSync(sound, folder, { recursive: true });
    inStore(replaceAt(CHANGED, '"91"', '"19"'))(folder);
    forgetReadModel(folder);
    const again = await TestService.start({ dataDir: folder, now: () => NOW });
    await again.get('/v1/audit/root?at_least=104');
    await again.close();
    const { items } = await verified(folder);
    expect(items.map((one) => one.kind)).toEqual(
      expect.arrayContaining(['differs', 'signed_root', 'closed_period']),
    );
    expect(items.find((one) => one.kind === 'differs')!.detail).toContain('from index 1 to 63');
  });

  it('finds that a truncated log took events with it', async () => {
    const folder = newFolder();
    cpSync(killed, folder, { recursive: true });
    const log = readdirSync(folder).find((name) => name === 'events.db-wal')!;
    const size = readFileSync(join(folder, log)).length;
    expect(size).toBeGreaterThan(30_000);
    truncateSync(join(folder, log), Math.floor(size * 0.7));
    const result = await verified(folder);
    expect(result.events).toBeLessThan(104);
    expect(result.items.map((one) => one.kind)).toContain('tail_missing');
  });

  it('trusts only the keys that it is given', async () => {
    const [key] = readFileSync(join(sound, 'checkpoints/public-keys.txt'), 'utf8').split('\n');
    expect((await verified(sound, [key!])).faults).toBe(0);
    const other = await verified(killed, [key!.replace(/.{10}$/, 'AAAAAAAAAA')]);
    expect(other.items.every((one) => one.kind === 'signed_root')).toBe(true);
    expect(other.faults).toBeGreaterThan(0);
  });

  it('says what to do about a file that is not a ledger', async () => {
    const folder = newFolder();
    await expect(verified(folder)).rejects.toThrow(/There is no ledger/);
    writeFileSync(join(folder, 'events.db'), 'no database at all, but long enough to look at');
    await expect(verified(folder)).rejects.toThrow(/damaged or not a ledger/);
  });
});
