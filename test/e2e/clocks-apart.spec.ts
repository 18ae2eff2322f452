import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { readCloudEvent } from '../../src/domain/events/cloud-event';
import type { Json } from '../../src/domain/events/facts';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { SetDefaultPlan, SetDefaultPlanHandler } from '../../src/finance/plans';
import { LedgerWriter } from '../../src/ledger/ledger-writer';
import { openLedger } from '../../src/ledger/open-ledger';
import { Recorder } from '../../src/ledger/recorder';
import { Clock } from '../../src/lib/clock';
import { Projector } from '../../src/projections/projector';
import { ReadModel } from '../../src/read-model/queries';
import { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { Places } from '../../src/snapshots/places';
import { standingOf } from '../../src/usage/standing';
import { NOW } from '../support/ledger-in-memory';
import { completed } from '../support/service';
import { personalKeysInMemory } from '../support/personal-keys';

const SECOND = 1_000;

/** Two recorders on one ledger, as two instances have them, without the servers that keep them apart. */
describe('two instances whose clocks differ', () => {
  const store = new MemoryEventStore();
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-clocks-'));
  let model: SqliteReadModel;
  let projector: Projector;
  let readModel: ReadModel;

  beforeAll(async () => {
    await openLedger(store, readConfig({}, NOW).opening, 'UTC', NOW);
    model = await SqliteReadModel.open(join(folder, 'read-models.db'));
    readModel = new ReadModel(model.queries);
    projector = new Projector(store, model.rows, () => undefined);
    projector.start();
  });
  afterAll(async () => {
    await projector.close();
    await model.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const through = (clock: () => number) => {
    const recorder = new Recorder(store, clock, personalKeysInMemory(), NOW);
    const writer = new LedgerWriter(store, recorder, projector, readModel);
    const handler = new SetDefaultPlanHandler(writer, readModel);
    return (plan: string) => {
      const body: Json = { plan };
      return handler.execute(new SetDefaultPlan({ plan }, 'finance', body, randomUUID()));
    };
  };
  const planAt = async (time: number) => {
    const { terms } = await readModel.read((snapshot) => standingOf(snapshot));
    return terms.plan('ann', time).plan;
  };

  it('let the later decision win from its event on, though the clock of the earlier one was ahead', async () => {
    const real = NOW + 60 * SECOND;
    await through(() => real + 3 * SECOND)('pro');
    const answer = await through(() => real + SECOND)('free');
    expect(answer.body).toMatchObject({
      effective_from: new Date(real + 3 * SECOND).toISOString(),
    });
    await projector.waiter.waitFor(await store.head(), 10 * SECOND);

    expect(await planAt(real + 3 * SECOND)).toBe('free');
    expect(await planAt(real + 60 * SECOND)).toBe('free');
  });

  it('know as of a time that only the clock ahead has reached', async () => {
    const real = NOW + 120 * SECOND;
    const settled: number[] = [];
    await through(() => real + 30 * SECOND)('pro');
    const reading = readCloudEvent(completed() as Json, NOW);
    if (!('fact' in reading)) throw new Error(JSON.stringify(reading.refusal));
    // The ledger's last event, whose stamp is not its greatest.
    await new Recorder(store, () => real, personalKeysInMemory(), NOW).record([reading.fact]);
    await projector.waiter.waitFor(await store.head(), 10 * SECOND);
    const places = new Places(readModel, store, new Clock(() => real), (time) => {
      settled.push(time);
      return Promise.resolve();
    });

    const asOf = new Date(real + 20 * SECOND).toISOString();
    const { position } = await places.placeOf(asOf);
    // Right before the event of the clock ahead: the fact after it has that event's recorded time.
    const [assigned, fact] = (await store.readAll(position, 2)).map(({ type }) => type);
    expect(assigned).toBe('plan.defaulted');
    expect(fact).toContain('completed');
    expect(settled).toEqual([]);
  });
});
