import { NOW } from '../../test/support/ledger-in-memory';
import { storeOf } from '../../test/support/stored-ledger';
import { makePastReadModel } from '../app/past-read-model';
import type { LedgerEntry } from '../checker/derivation/reference';
import type { Pace } from '../projections/pace';
import { project } from '../projections/project';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import { WentBackError } from '../snapshots/live-snapshot';
import { replayNow } from './replay';

const opened: LedgerEntry = {
  type: 'ledger.opened',
  recorded_at: NOW,
  billing_time_zone: 'UTC',
  rate_cards: [
    {
      rate_card_id: 'a-card',
      currency: 'TWD',
      effective_from: '1970-01-01T00:00:00Z',
      prices: { default: { amount: '0.03' } },
    },
  ],
  plans: { free: {} },
};
const planned = (user_id: string): LedgerEntry => ({
  type: 'plan.assigned',
  recorded_at: NOW,
  user_id,
  plan: 'free',
  effective_from: new Date(NOW).toISOString(),
});

describe('a replay', () => {
  it('ends if the live read model loses its newest rows while it rests', async () => {
    const store = await storeOf([opened, ...['ann', 'bob', 'cal'].map(planned)]);
    const live = await SqliteReadModel.temporary();
    const projectTo = (position: number) =>
      project(store, live.rows, position, () => undefined, { pageSize: 1_000 });
    await projectTo(await store.head());
    let [isHeld, isLost] = [false, false];
    const pace: Pace = {
      pageSize: () => 1_000,
      holding: (held) => void (isHeld = held),
      rest: async () => {
        if (isHeld || isLost) return;
        isLost = true;
        await live.rows.clear();
        await projectTo(2);
      },
    };
    const parts = {
      store,
      openLive: () => Promise.resolve({ queries: live.queries, close: () => Promise.resolve() }),
      openTemporary: makePastReadModel,
    };
    const replayed = replayNow(parts, { user_id: null, period: null }, pace, () => undefined);
    await expect(replayed).rejects.toThrow(new WentBackError(2));
    expect(isLost).toBe(true);
    await live.close();
  });
});
