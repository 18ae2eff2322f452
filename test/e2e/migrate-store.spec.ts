import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { MAX_PAGE, START, type StoredEvent } from '../../src/event-store/port';
import { openCopyTarget } from '../../src/platform/stores';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { eventually } from '../support/eventually';
import { build, run, start } from '../support/process';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-10T00:00:00Z');

interface Migrated {
  readonly events: number;
  readonly copied: number;
  readonly root: string;
  readonly differences: number;
  readonly equal: boolean;
}

/** A ledger with usage, a card, an adjustment, a void and a close, and what it answers. */
async function fill(dataDir: string, sessions: number): Promise<object> {
  const service = await TestService.start({ dataDir, now: () => NOW });
  try {
    for (let at = 0; at < sessions; at += 1_000) {
      const batch = Array.from({ length: Math.min(1_000, sessions - at) }, (_, index) =>
        completed({ user_id: `user-${index % 7}`, original_filename: 'ä.wav' }),
      );
      expect((await service.batch(batch)).status).toBe(200);
    }
    const wrong = completed({ session_id: 'wrong', user_id: 'user-1' });
    await service.one(wrong);
    await service.write('POST', '/v1/sessions/wrong/void', { reason: 'wrong user' });
    const adjustment = { user_id: 'user-1', period: '2026-10', amount_cents: -3, reason: 'sorry' };
    expect((await service.write('POST', '/v1/adjustments', adjustment)).status).toBe(201);
    expect((await service.write('POST', '/v1/billing-periods/2026-10/close', {})).status).toBe(201);
    expect((await service.one(completed({ user_id: 'user-2' }))).status).toBe(201);
    return await answersOf(service);
  } finally {
    await service.close();
  }
}

/** What does not depend on the store's positions. */
async function answersOf(service: TestService): Promise<object> {
  const { position } = (await service.batch([])).body;
  const answers: unknown[] = [];
  for (const path of [
    '/v1/users/user-1/usage-summary?period=2026-10',
    '/v1/users/user-2/usage-summary?period=2026-11',
    '/v1/users/user-1/usage-logs?period=2026-10&limit=500',
    '/v1/billing-periods',
    '/v1/reports/usage?period=2026-10',
    '/v1/audit/root',
  ]) {
    const { status, body } = await service.get(
      `${path}${path.includes('?') ? '&' : '?'}at_least=${position}`,
    );
    expect(status).toBe(200);
    answers.push(body);
  }
  return JSON.parse(
    JSON.stringify(answers, (name, value: unknown) =>
      name === 'position' || name === 'signature' || name === 'checkpoint' ? undefined : value,
    ),
  ) as object;
}

describe('migrate-store', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-migrate-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const migrate = async (...args: string[]) => {
    const { status, stdout, stderr } = await run(['migrate-store', '--json', ...args], {
      DATA_DIR: folder,
    });
    return { status, stderr, result: (stdout === '' ? {} : JSON.parse(stdout)) as Migrated };
  };
  const eventsIn = async (url: string, prefix = ''): Promise<StoredEvent[]> => {
    const { eventStore } = readConfig(
      { EVENT_STORE_URL: url, DATA_DIR: folder, ...(prefix && { STREAM_PREFIX: prefix }) },
      NOW,
    );
    const store = await openCopyTarget(eventStore);
    try {
      const events: StoredEvent[] = [];
      for (;;) {
        const page = await store.readAll(events.at(-1)?.position ?? START, MAX_PAGE);
        events.push(...page);
        if (page.length < MAX_PAGE) return events;
      }
    } finally {
      await store.close();
    }
  };

  it('copies a file to a file, says so again, and refuses what is wrong', async () => {
    await fill(folder, 300);
    const copy = join(folder, 'copy.db');
    const first = await migrate('--to', copy);
    expect(first).toMatchObject({ status: 0, result: { equal: true, differences: 0 } });
    expect(first.result.copied).toBe(first.result.events);
    expect(await eventsIn(copy)).toEqual(await eventsIn(join(folder, 'events.db')));
    const again = await migrate('--to', copy);
    expect(again.result).toEqual({ ...first.result, copied: 0 });

    const other = join(folder, 'other');
    mkdirSync(other);
    await fill(other, 1);
    const refused = await migrate('--to', join(other, 'events.db'));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('another ledger');
    const missing = await migrate('--from', join(folder, 'nowhere.db'), '--to', copy);
    expect(missing).toMatchObject({ status: 1 });
    expect(missing.stderr).toContain('There is no ledger at');
    for (const args of [
      [],
      ['--to', ''],
      ['--to', join(folder, 'events.db')],
      ['--to', 'mysql://h/'],
      ['--to', copy, '--to-prefix', 'p.'],
      ['--to', copy, '--from-prefix', 'p.'],
      ['--to', 'esdb://secret@localhost', '--to-prefix', 'session-'],
    ]) {
      const wrong = await migrate(...args);
      expect(wrong.status).toBe(2);
      expect(wrong.stderr).toContain('Usage:');
      expect(wrong.stderr).not.toContain('secret');
    }
  }, 120_000);

  it('refuses a ledger that a service has open', async () => {
    const service = await TestService.start({ dataDir: folder });
    const { status, stderr } = await migrate('--to', join(folder, 'copy.db'));
    await service.close();
    expect(status).toBe(1);
    expect(stderr).toContain('in use by');
  }, 60_000);

  describeWithServer('with EventStoreDB', () => {
    it('takes a ledger there and back: the same events, the same root, the same answers', async () => {
      const before = await fill(folder, 1_500);
      const prefix = newPrefix();
      const there = await migrate('--to', SERVER!, '--to-prefix', prefix);
      expect(there).toMatchObject({ status: 0, result: { equal: true } });
      const dataDir = join(folder, 'served');
      const environment = { EVENT_STORE_URL: SERVER!, STREAM_PREFIX: prefix };
      const service = await TestService.start({ dataDir, environment, now: () => NOW });
      expect(await answersOf(service)).toEqual(before);
      await service.close();
      const back = join(folder, 'back.db');
      const returned = await migrate('--from', SERVER!, '--from-prefix', prefix, '--to', back);
      expect(returned).toMatchObject({ status: 0, result: { ...there.result } });
      expect(await eventsIn(back)).toEqual(await eventsIn(join(folder, 'events.db')));
    }, 180_000);

    it('goes on after a kill -9 in the middle, and has each event once', async () => {
      await fill(folder, 12_000);
      const prefix = newPrefix();
      const args = ['migrate-store', '--to', SERVER!, '--to-prefix', prefix];
      const child = start(args, { DATA_DIR: folder });
      const { eventStore } = readConfig(
        { EVENT_STORE_URL: SERVER!, STREAM_PREFIX: prefix, DATA_DIR: folder },
        NOW,
      );
      const witness = await openCopyTarget(eventStore);
      try {
        await eventually(async () => (await witness.readAll(START, 3_000)).length > 2_500);
      } finally {
        await witness.close();
      }
      await child.kill();
      const { status, result } = await migrate('--to', SERVER!, '--to-prefix', prefix);
      expect(status).toBe(0);
      expect(result.equal).toBe(true);
      expect(result.copied).toBeGreaterThan(0);
      expect(result.copied).toBeLessThan(result.events);
      const ids = (await eventsIn(SERVER!, prefix)).map((event) => event.id);
      expect(ids).toEqual((await eventsIn(join(folder, 'events.db'))).map((event) => event.id));
    }, 240_000);
  });
});
