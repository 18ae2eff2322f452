import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../test/support/eventually';
import { openSqliteLive, type LiveReadModel } from '../../test/support/live-read-models';
import { storeOf } from '../../test/support/stored-ledger';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import { pause } from '../lib/pause';
import { BillingFold } from './billing-fold';
import { ALWAYS_HELD, type Lease } from './lease';
import { Projector } from './projector';

/** A lease that several instances could hold: one gets it a moment after it asks. */
function sharedLease(): Lease {
  let held = false;
  return {
    ...ALWAYS_HELD,
    shared: true,
    get held() {
      return held;
    },
    take: async (signal) => {
      await pause(50, signal);
      held = true;
    },
    release: () => {
      held = false;
      return Promise.resolve();
    },
  };
}

describe('the trouble of a projector that shares its work', () => {
  let folder: string;
  let live: LiveReadModel;
  let projector: Projector;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-projector-'));
    live = await openSqliteLive(join(folder, 'read-models.db'));
  });
  afterEach(async () => {
    await projector.close();
    await live.close();
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const start = (store: MemoryEventStore) => {
    projector = new Projector(store, live.rows, () => undefined, { lease: sharedLease() });
    projector.start();
  };

  it('lasts, whoever looks, until the events that failed are taken', async () => {
    const fold = jest.spyOn(BillingFold.prototype, 'fold').mockRejectedValue(new Error('broken'));
    const store = await storeOf([
      {
        type: 'ledger.opened',
        recorded_at: Date.parse('2026-10-01T00:00:00Z'),
        billing_time_zone: 'UTC',
        rate_cards: [],
        plans: { free: {} },
      },
    ]);
    start(store);
    await eventually(() => fold.mock.calls.length > 0);
    await eventually(() => projector.status().trouble !== undefined);
    const before = fold.mock.calls.length;
    const seen = new Set<string | undefined>();
    while (fold.mock.calls.length < before + 3) {
      seen.add(projector.status().trouble);
      await sleep(5);
    }
    expect(seen.has(undefined)).toBe(false);
    fold.mockRestore();
    expect(await projector.waiter.waitFor(await store.head(), 20_000)).toBe(true);
    await eventually(() => projector.status().trouble === undefined);
  });

  it('ends with an outage of its database, though no event arrives', async () => {
    jest.spyOn(live.rows, 'checkpoint').mockRejectedValueOnce(new Error('unreachable'));
    start(new MemoryEventStore());
    await eventually(() => projector.status().trouble !== undefined);
    await eventually(() => projector.status().trouble === undefined);
  });
});
