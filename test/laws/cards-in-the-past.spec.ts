import fc from 'fast-check';

import type { RateCard } from '../../src/domain/rating/rate-card';
import {
  mayStart,
  triedEvent,
  tryEarly,
  type CardStart,
  type CardTrialParts,
} from '../../src/finance/card-start';
import type { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { oldestOpenInUse } from '../../src/finance/periods-in-use';
import { BillingFold } from '../../src/projections/billing-fold';
import { project } from '../../src/projections/project';
import { ReadModelSnapshot } from '../../src/read-model/queries';
import type { RowStore } from '../../src/read-model/rows';
import type { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { standingOf } from '../../src/usage/standing';
import { ledgerHistory } from '../generators/ledgers';
import { NOW, projectedModel } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';
import { assertUntilSeen } from '../support/until-seen';

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
  const checkpoint = await rows.checkpoint();
  const { changes, changesMoney } = await fold.fold([triedEvent(start, checkpoint)], checkpoint);
  return changesMoney || changes.removedLogs.length > 0;
}

/** A card that differs from one of the ledger's, from some day of the oldest open period on. */
async function changedCard(
  snapshot: ReadModelSnapshot,
  { change, pick, days }: { readonly change: string; readonly pick: number; readonly days: number },
): Promise<CardStart | undefined> {
  const { terms } = await standingOf(snapshot);
  const oldest = await oldestOpenInUse(snapshot, terms);
  if (oldest === undefined) return undefined;
  const { cards } = terms.agreement;
  const before = cards[pick % cards.length]!;
  const card = {
    ...before,
    ...CHANGES[change]!(before),
    rate_card_id: 'tried',
    effective_from: new Date(terms.range(oldest).from + days * 86_400_000).toISOString(),
  };
  return { card, now: NOW };
}

const anyChange = () =>
  fc.record({
    change: fc.constantFrom(...Object.keys(CHANGES)),
    pick: fc.nat(),
    days: fc.nat(40),
  });
const { signal } = new AbortController();

/** Projects the rest of a store's events. */
async function projectOn(store: MemoryEventStore, { rows }: SqliteReadModel): Promise<void> {
  const head = await store.head();
  if ((await rows.checkpoint()).position >= head) return;
  await project(store, rows, head, () => undefined, { pageSize: 1_000 });
}

/** Rows that move on right after their checkpoint was read for the first time. */
function afterFirstCheckpoint(rows: RowStore, moveOn: () => Promise<void>): RowStore {
  let hasMoved = false;
  const checkpoint = async () => {
    const read = await rows.checkpoint();
    if (!hasMoved) {
      hasMoved = true;
      await moveOn();
    }
    return read;
  };
  return new Proxy(rows, {
    get: (target, name) => {
      if (name === 'checkpoint') return checkpoint;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Counts how often something was seen. */
class Seen {
  private readonly counts = new Map<string, number>();

  add(what: string): void {
    this.counts.set(what, this.of(what) + 1);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  kinds(ending: string): number {
    return [...this.counts.keys()].filter((what) => what.endsWith(ending)).length;
  }
}

describe('a card that begins in the past (docs/reference/rules.md#force-6)', () => {
  it('is tried on users whose logs it may change, with the result of trying it on all', async () => {
    const seen = new Seen();
    await assertUntilSeen(
      fc.asyncProperty(ledgerHistory({ gaps: false }), anyChange(), async (entries, change) => {
        const store = await storeOf(entries);
        const { rows, queries } = await projectedModel(store, 1_000);
        const snapshot = new ReadModelSnapshot(queries);
        const start = await changedCard(snapshot, change);
        if (start === undefined) return;
        const parts = { store, rows, snapshot, signal };
        const may = await mayStart(parts, start);
        expect(may).toBe(!(await changesMoney(parts, start)));
        seen.add(`${change.change}: ${may}`);
      }),
      RUNS,
      () => {
        expect(seen.kinds('true')).toBeGreaterThan(2);
        expect(seen.kinds('false')).toBeGreaterThan(2);
      },
    );
  }, 120_000);

  it('is tried early, on rows that lag or run ahead, with the result of trying it at the decision', async () => {
    const seen = new Seen();
    await assertUntilSeen(
      fc.asyncProperty(
        ledgerHistory({ gaps: false }),
        anyChange(),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.boolean(),
        async (entries, change, share, runsAhead) => {
          const store = await storeOf(entries);
          const seenFirst = Math.max(1, Math.round(share * entries.length));
          const model = await projectedModel(store, 1_000, seenFirst);
          const { rows } = model;
          const snapshot = new ReadModelSnapshot(model.queries);
          const start = await changedCard(snapshot, change);
          if (start === undefined) return;
          const isRefused = await changesMoney({ store, rows, snapshot, signal }, start);
          const project = () => projectOn(store, model);
          // A row is projected between two reads of the trial: first the checkpoint, then newer rows.
          const moving = runsAhead ? afterFirstCheckpoint(rows, project) : rows;
          const openSnapshot = () => new ReadModelSnapshot(model.queries);
          const early = await tryEarly({ store, rows: moving, openSnapshot, signal }, start);
          await project();
          const parts = { store, rows, snapshot: openSnapshot(), signal };
          const atDecision = await mayStart(parts, start);
          const may = await mayStart(parts, start, early);
          seen.add(`${early.may} ${atDecision}`);
          if (early.may) expect(may).toBe(atDecision);
          else expect(isRefused || !atDecision).toBe(true);
        },
      ),
      RUNS,
      () => {
        expect(seen.of('true true')).toBeGreaterThan(0);
        expect(seen.of('true false')).toBeGreaterThan(0);
        expect(seen.of('false false')).toBeGreaterThan(0);
      },
    );
  }, 120_000);
});
