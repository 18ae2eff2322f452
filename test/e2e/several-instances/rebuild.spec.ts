import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { JobQueue } from '../../../src/jobs/jobs';
import type { LedgerEntry } from '../../../src/checker/derivation/reference';
import { readConfig } from '../../../src/config/config';
import { readCloudEvent } from '../../../src/domain/events/cloud-event';
import type { Json } from '../../../src/domain/events/facts';
import { MemoryEventStore } from '../../../src/event-store/memory/memory-event-store';
import { openLedger } from '../../../src/ledger/open-ledger';
import { Recorder } from '../../../src/ledger/recorder';
import { noRows } from '../../../src/projections/folded-rows';
import { FULL_SPEED, type Pace } from '../../../src/projections/pace';
import { Projector } from '../../../src/projections/projector';
import { rebuild } from '../../../src/projections/rebuild';
import { compareReadModels } from '../../../src/read-model/compare';
import type { Difference } from '../../../src/read-model/difference';
import { NOW, projectedModel } from '../../support/ledger-in-memory';
import { openPostgresLive, type LiveReadModel } from '../../support/live-read-models';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../../support/postgres';
import { completed } from '../../support/service';
import { rebuildsHere } from '../../support/rebuilds';
import { storeOf } from '../../support/stored-ledger';
import { personalKeysInMemory } from '../../support/personal-keys';

const WAIT_MS = 15_000;

describeWithPostgres('a rebuild of read models in PostgreSQL', () => {
  let database: TestDatabase;
  let store: MemoryEventStore;
  let recorder: Recorder;
  let model: LiveReadModel;
  let projector: Projector;
  let errors: unknown[];

  beforeEach(async () => {
    database = await newDatabase();
    store = new MemoryEventStore();
    await openLedger(store, readConfig({}, NOW).opening, 'UTC', NOW);
    recorder = new Recorder(store, () => NOW, personalKeysInMemory());
    model = await openPostgresLive(database.url);
    errors = [];
    projector = new Projector(store, model.rows, (error) => errors.push(error));
    projector.start();
    await send(400);
    await projector.waiter.waitFor(await store.head(), WAIT_MS);
  });
  afterEach(async () => {
    await projector.close();
    await model.close();
    await database.drop();
  });

  const send = (count: number) =>
    recorder.record(
      Array.from({ length: count }, () => {
        const reading = readCloudEvent(completed() as unknown as Json, NOW);
        if ('fact' in reading) return reading.fact;
        throw new Error(JSON.stringify(reading.refusal));
      }),
    );
  const goal = async () => (await model.rowsToRead.checkpoint()).position;
  const rebuildNow = (pace: Pace = FULL_SPEED) =>
    rebuild({ store, place: model, goal }, pace, () => undefined);
  const behindItsBack = async (statement: string) => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`SET search_path = minutebook_read; ${statement}`);
    await client.end();
  };
  const differences = async (): Promise<Difference[]> => {
    expect(await projector.waiter.waitFor(await store.head(), WAIT_MS)).toBe(true);
    const { queries } = await projectedModel(store, 1_000);
    const sides = { live: model.queries, replayed: queries };
    const found: Difference[] = [];
    const compared = compareReadModels(
      () => Promise.resolve(sides),
      {},
      () => undefined,
    );
    for await (const difference of compared) found.push(difference);
    return found;
  };

  it('repairs what was edited, while events arrive and snapshots are read', async () => {
    await behindItsBack(
      `UPDATE statements SET summaries = '{}'; DELETE FROM usage_logs WHERE attempt = 1 AND session_id LIKE '%7'`,
    );
    expect(await differences()).not.toEqual([]);
    const snapshot = await model.queries
      .startTransaction()
      .setIsolationLevel('repeatable read')
      .execute();
    const logs = async () =>
      (await snapshot.selectFrom('usage_logs').select('id').execute()).length;
    const before = await logs();
    let rests = 0;
    const rebuilding = rebuildNow({
      pageSize: () => 20,
      rest: async () => {
        rests += 1;
        if (rests < 10) await send(5);
      },
    });
    // A reader that began earlier keeps its rows to the end: the switch waits for it.
    while (rests < 10) await sleep(20);
    await sleep(1_000);
    expect(await logs()).toBe(before);
    expect((await snapshot.selectFrom('sessions').select('session_id').execute()).length).toBe(400);
    await snapshot.rollback().execute();
    const result = await rebuilding;
    expect(result.size).toBeGreaterThan(400);
    await send(10);
    expect(await differences()).toEqual([]);
    expect(errors).toEqual([]);
  }, 60_000);

  it('resumes after an interruption', async () => {
    let rests = 0;
    const interrupted = rebuildNow({
      pageSize: () => 50,
      rest: () => {
        rests += 1;
        return rests < 4 ? Promise.resolve() : Promise.reject(new Error('interrupted'));
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await differences()).toEqual([]);
    expect(await rebuildNow()).toMatchObject({ size: 401, resumed_from: 200 });
    expect(await rebuildNow()).toMatchObject({ size: 401, resumed_from: 0 });
    expect(await differences()).toEqual([]);
  }, 60_000);

  it('runs in one place at a time', async () => {
    const other = await openPostgresLive(database.url);
    const next = await other.openNext();
    await expect(rebuildNow()).rejects.toThrow(/Another instance, or a command, is rebuilding/);
    await next.close();
    await rebuildNow();
    await other.close();
  });

  it('refuses rows that were folded for the replaced tables, even at the same position', async () => {
    const { rows } = model;
    await projector.close();
    const before = await rows.checkpoint();
    await rebuildNow();
    const nothing = noRows();
    await expect(rows.commit(nothing, before, before.position)).rejects.toThrow(
      /moved the checkpoint/,
    );
    const now = await rows.checkpoint();
    expect(now).toEqual(before);
    await rows.commit(nothing, now, now.position);
    await rows.commit(nothing, now, now.position);
  });

  it('is started by a projection that meets a close with a gap', async () => {
    const ledger = await sampleWithGap();
    await projector.close();
    await model.rows.clear();
    const parts = { store: ledger, place: model, live: model.rowsToRead };
    const rebuilds = rebuildsHere(
      parts,
      new JobQueue(
        () => NOW,
        (error) => errors.push(error),
      ),
    );
    projector = new Projector(ledger, model.rows, (error) => errors.push(error), {
      deriveAgain: () => rebuilds.beyond(),
    });
    projector.start();
    store = ledger;
    expect(await differences()).toEqual([]);
    expect(rebuilds.list('anyone', undefined, 10).items).toMatchObject([
      { status: 'done', request: { reason: 'close_with_a_gap' } },
    ]);
    expect(errors).toEqual([]);
    await rebuilds.close();
  });
});

/** A ledger with usage recorded after the last event that a close counts, but before the close. */
function sampleWithGap(): Promise<MemoryEventStore> {
  const usage = (session_id: string, time: string): LedgerEntry => ({
    type: 'fact',
    recorded_at: Date.parse(time) + 1_000,
    event: completed({ session_id }, { time }) as never,
  });
  const prices = { default: { amount: '0.03' } };
  return storeOf([
    {
      type: 'ledger.opened',
      recorded_at: Date.parse('2026-10-01T00:00:00Z'),
      billing_time_zone: 'UTC',
      rate_cards: [{ rate_card_id: 'card', currency: 'TWD', prices }],
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
  ]);
}
