import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { SessionStanding } from '../../src/finance/void-session';
import { JobQueue } from '../../src/jobs/jobs';
import type { Rebuilds } from '../../src/replay/rebuilds';
import type { LedgerEntry } from '../../src/checker/derivation/reference';
import type { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { FULL_SPEED } from '../../src/projections/pace';
import { Projector } from '../../src/projections/projector';
import { rebuild } from '../../src/projections/rebuild';
import type { RebuildProgress } from '../../src/projections/rebuild-progress';
import { compareReadModels } from '../../src/read-model/compare';
import type { Difference } from '../../src/read-model/difference';
import { logFacts } from '../../src/read-model/log-rows';
import { ledgerHistory } from '../generators/ledgers';
import { eventually } from '../support/eventually';
import { NOW, projectedModel } from '../support/ledger-in-memory';
import { openSqliteLive, type LiveReadModel } from '../support/live-read-models';
import { rebuildsHere } from '../support/rebuilds';
import { storeOf } from '../support/stored-ledger';
import { assertUntilSeen } from '../support/until-seen';
import { completed } from '../support/service';

/** Serves a ledger as the service does, until its read model has all of it. */
async function serve<T>(
  store: MemoryEventStore,
  look: (live: LiveReadModel, rebuilds: Rebuilds, errors: unknown[]) => Promise<T>,
  meanwhile: (folder: string, projector: Projector) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-gap-'));
  const live = await openSqliteLive(join(folder, 'read-models.db'));
  const errors: unknown[] = [];
  const report = (error: unknown) => errors.push(error);
  const parts = { store, place: live, live: live.rowsToRead };
  const rebuilds = rebuildsHere(parts, new JobQueue(() => NOW, report));
  const projector = new Projector(store, live.rows, report, {
    deriveAgain: () => rebuilds.beyond(),
  });
  try {
    await meanwhile(folder, projector);
    projector.start();
    expect(await projector.waiter.waitFor(await store.head(), 20_000)).toBe(true);
    expect(projector.status()).toMatchObject({ trouble: undefined, waits: undefined });
    const result = await look(live, rebuilds, errors);
    expect(readdirSync(folder).filter((name) => /next|ready/.test(name))).toEqual([]);
    return result;
  } finally {
    const closed = projector.close();
    await rebuilds.close();
    await closed;
    await live.close();
    rmSync(folder, { recursive: true });
  }
}

async function differences(live: LiveReadModel, store: MemoryEventStore): Promise<Difference[]> {
  const replayed = await projectedModel(store, 1_000);
  const sides = { live: live.queries, replayed: replayed.queries };
  const found: Difference[] = [];
  for await (const one of compareReadModels(
    () => Promise.resolve(sides),
    {},
    () => undefined,
  )) {
    found.push(one);
  }
  return found;
}

describe('a close with a gap, met while serving', () => {
  const usage = (session_id: string, time: string): LedgerEntry => ({
    type: 'fact',
    recorded_at: Date.parse(time) + 1_000,
    event: completed({ session_id }, { time }) as never,
  });
  const entries: LedgerEntry[] = [
    {
      type: 'ledger.opened',
      recorded_at: Date.parse('2026-10-01T00:00:00Z'),
      billing_time_zone: 'UTC',
      rate_cards: [
        { rate_card_id: 'card', currency: 'TWD', prices: { default: { amount: '0.03' } } },
      ],
      plans: { free: {} },
    },
    usage('before', '2026-10-05T10:00:00Z'),
    usage('between', '2026-10-06T10:00:00Z'),
    {
      type: 'billing_period.closed',
      recorded_at: Date.parse('2026-11-02T00:00:00Z'),
      period: '2026-10',
      from: '2026-10-01T00:00:00Z',
      to: '2026-11-01T00:00:00Z',
      size: 2,
    },
    usage('after', '2026-11-03T10:00:00Z'),
  ];

  it('rebuilds the read models beside the served ones, without trouble', async () => {
    const store = await storeOf(entries);
    await serve(store, async (live, rebuilds, errors) => {
      expect(await differences(live, store)).toEqual([]);
      const between = await live.queries
        .selectFrom('usage_logs')
        .selectAll()
        .where('session_id', '=', 'between')
        .executeTakeFirstOrThrow();
      expect(logFacts(between)).toMatchObject({
        late: true,
        usage_period: '2026-10',
        billing_period: '2026-11',
      });
      expect(errors).toEqual([]);
      const jobs = rebuilds.list('anyone', undefined, 10).items;
      expect(jobs).toMatchObject([
        { status: 'done', request: { reason: 'close_with_a_gap' }, result: { size: 5 } },
      ]);
    });
  });

  it('says why it is stuck while the new rows cannot be written, and continues once they can', async () => {
    const store = await storeOf(entries);
    const look = async (live: LiveReadModel, _: Rebuilds, errors: unknown[]) => {
      expect(await differences(live, store)).toEqual([]);
      expect(String(errors[0])).toContain('read-models.db.next could not be written');
    };
    await serve(store, look, async (folder, projector) => {
      const inTheWay = join(folder, 'read-models.db.next');
      mkdirSync(inTheWay);
      projector.start();
      await eventually(() => projector.status().trouble !== undefined);
      // The events before the close are served.
      expect(projector.status().position).toBe(3);
      rmdirSync(inTheWay);
    });
  });

  it('leaves a session that was voided in the gap as one that counts in the closed period', async () => {
    const voided: LedgerEntry = {
      type: 'session.voided',
      recorded_at: Date.parse('2026-11-01T00:00:00Z'),
      session_id: 'before',
      reason: 'r',
      author: 'a',
    };
    const again = usage('before', '2026-10-05T10:00:00Z');
    const [opened, before, , closed, after] = entries;
    const store = await storeOf([opened!, before!, voided, closed!, again, after!]);
    const { rows } = await projectedModel(store, 1_000);
    const standing = new SessionStanding(store, rows);
    const head = await store.head();
    expect(await standing.of('before', head)).toEqual({ voided: false, closed: true });
    expect(await standing.of('after', head)).toEqual({ voided: false, closed: false });
  });

  it('is folded from the first event if an earlier rebuild ended amid it, and the result says so', async () => {
    const store = await storeOf(entries);
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-gap-'));
    const live = await openSqliteLive(join(folder, 'read-models.db'));
    const parts = { store, place: live, goal: () => store.head() };
    const reported: RebuildProgress[] = [];
    const report = (progress: RebuildProgress) => void reported.push(progress);
    let pages = 0;
    // The fourth event is the close: after three pages, all is folded again. Two events are counted before it.
    const rest = () =>
      (pages += 1) < 6 ? Promise.resolve() : Promise.reject(new Error('The process ended.'));
    await expect(rebuild(parts, { pageSize: () => 1, rest }, report)).rejects.toThrow('ended');
    const next = await live.openNext();
    expect((await next.rows.checkpoint()).size).toBe(2);
    await next.close();
    expect(await rebuild(parts, FULL_SPEED, report)).toMatchObject({ size: 5, resumed_from: 0 });
    expect(reported.at(-1)).toMatchObject({ size: 5, resumed_from: 0 });
    await live.close();
    rmSync(folder, { recursive: true });
  });

  it('gives the rows of a replay, for any ledger', async () => {
    let rebuilt = 0;
    await assertUntilSeen(
      fc.asyncProperty(ledgerHistory({ gaps: true }), async (history) => {
        const store = await storeOf(history);
        await serve(store, async (live, rebuilds, errors) => {
          expect(await differences(live, store)).toEqual([]);
          expect(errors).toEqual([]);
          rebuilt += rebuilds.list('anyone', undefined, 10).items.length;
        });
      }),
      Number(process.env['RUNS'] ?? 30),
      () => expect(rebuilt).toBeGreaterThan(0),
    );
  }, 120_000);
});
