import fc from 'fast-check';

import type { RateCard } from '../../src/domain/rating/rate-card';
import {
  mayStart,
  triedEvent,
  type CardStart,
  type CardTrialParts,
} from '../../src/finance/card-start';
import { oldestOpenInUse } from '../../src/finance/periods-in-use';
import { BillingFold } from '../../src/projections/billing-fold';
import { ReadModelSnapshot } from '../../src/read-model/queries';
import { standingOf } from '../../src/usage/standing';
import { ledgerHistory } from '../generators/ledgers';
import { NOW, projectedModel } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';

/** For a long search: `RUNS=5000 npx jest test/laws/cards-in-the-past`. */
const RUNS = Number(process.env['RUNS'] ?? 150);

/** What finance may change on a card that is in force. Most of it changes some user's logs, and leaves others' alone. */
const CHANGES: Readonly<Record<string, (card: RateCard) => Partial<RateCard>>> = {
  nothing: () => ({}),
  'a price for a new provider': ({ prices }) => ({
    prices: { ...prices, unheard_of: Object.values(prices)[0]! },
  }),
  'a price of its own for each provider': ({ prices }) => ({
    prices: {
      ...prices,
      ...Object.fromEntries(
        ['google', 'deepgram', 'srt'].map((name) => [
          name,
          prices[name] ?? prices['default'] ?? Object.values(prices)[0]!,
        ]),
      ),
    },
  }),
  'one price': ({ prices }) => {
    const [name, entry] = Object.entries(prices).at(-1)!;
    return { prices: { ...prices, [name]: { ...entry, minimum_seconds: '61.7' } } };
  },
  'a price less': ({ prices }) => ({ prices: Object.fromEntries(Object.entries(prices).slice(1)) }),
  rounding: ({ rounding }) => ({ rounding: rounding === 'up' ? 'down' : 'up' }),
  'what retries cost': ({ retry_after_failure: policy }) => ({
    retry_after_failure: policy === 'bill' ? 'free' : 'bill',
  }),
};

/** Tries a card on all users at once. */
async function changesMoney({ store, rows }: CardTrialParts, start: CardStart) {
  const fold = new BillingFold(store, rows);
  const { changes, changesMoney } = await fold.fold([triedEvent(start)], await rows.checkpoint());
  return changesMoney || changes.removedLogs.length > 0;
}

describe('a card that begins in the past (docs/reference/rules.md#force-6)', () => {
  it('is tried on users whose logs it may change, with the result of trying it on all', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory({ gaps: false }),
        fc.constantFrom(...Object.keys(CHANGES)),
        fc.nat(),
        fc.nat(40),
        async (entries, change, pick, days) => {
          const store = await storeOf(entries);
          const { rows, queries } = await projectedModel(store, 1_000);
          const snapshot = new ReadModelSnapshot(queries);
          const { terms } = await standingOf(snapshot);
          const oldest = await oldestOpenInUse(snapshot, terms);
          if (oldest === undefined) return;
          const { cards } = terms.agreement;
          const before = cards[pick % cards.length]!;
          const card = {
            ...before,
            ...CHANGES[change]!(before),
            rate_card_id: 'tried',
            effective_from: new Date(terms.range(oldest).from + days * 86_400_000).toISOString(),
          };
          const start = { card, now: NOW, head: await store.head() };
          const { signal } = new AbortController();
          const parts = { store, rows, snapshot, signal };
          const may = await mayStart(parts, start);
          expect(may).toBe(!(await changesMoney(parts, start)));
          seen.set(`${change}: ${may}`, (seen.get(`${change}: ${may}`) ?? 0) + 1);
        },
      ),
      { numRuns: RUNS },
    );
    const verdicts = [...seen.keys()];
    expect(verdicts.filter((one) => one.endsWith('true')).length).toBeGreaterThan(2);
    expect(verdicts.filter((one) => one.endsWith('false')).length).toBeGreaterThan(2);
  }, 120_000);
});
