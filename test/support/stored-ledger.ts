import { readCloudEvent } from '../../src/domain/events/cloud-event';
import { sessionStream, type Json } from '../../src/domain/events/facts';
import { deterministicId, writeFact } from '../../src/domain/events/stored';
import { accountStream, writeLedgerEvent, type PeriodClosed } from '../../src/domain/ledger';
import { leafHash, leafText, MerkleEdge } from '../../src/domain/merkle';
import { parsePlans } from '../../src/domain/plan/parse-plans';
import { parseRateCard, type RateCard } from '../../src/domain/rating/rate-card';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import {
  derive,
  summariesOf,
  type LedgerEntry,
  type RawCard,
} from '../../src/checker/derivation/reference';
import { totalsOf } from '../../src/checker/derived-lines';
import { NOW } from './ledger-in-memory';

/** What a close pins besides its period. */
type Pins = Pick<PeriodClosed, 'root' | 'totals'>;

/**
 * A store that holds a generated ledger in the stored form, with each entry at its own position.
 * @param pinned whether its closes pin real roots and totals; otherwise they pin nothing, which costs less.
 */
export async function storeOf(
  entries: readonly LedgerEntry[],
  pinned = false,
): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  const revisions = new Map<string, number>();
  const leaves = MerkleEdge.of(0, []);
  const roots = [leaves.root()];
  for (const [index, entry] of entries.entries()) {
    const { stream, type, body } = stored(entry, index, (period, size) => ({
      root: pinned ? roots[size]! : '',
      totals: pinned ? totalsAt(entries, period, size) : [],
    }));
    leaves.add(leafHash(leafText({ stream, type, recordedAt: entry.recorded_at, body })));
    roots.push(leaves.root());
    const expectedRevision = revisions.get(stream) ?? -1;
    const id = deterministicId('generated', String(index));
    const events = [{ id, type, body, recordedAt: entry.recorded_at }];
    const [outcome] = await store.append([{ stream, expectedRevision, events }]);
    if (outcome!.status !== 'appended') throw new Error('The store refused a generated event.');
    revisions.set(stream, expectedRevision + 1);
  }
  return store;
}

/** The totals of a period that the first `size` events give, by the naive reference. */
function totalsAt(entries: readonly LedgerEntry[], period: string, size: number): Pins['totals'] {
  return totalsOf(summariesOf(derive(entries, size))).get(period) ?? [];
}

function stored(
  entry: LedgerEntry,
  index: number,
  pins: (period: string, size: number) => Pins,
): { stream: string; type: string; body: string } {
  const { type } = entry;
  switch (type) {
    case 'fact': {
      const reading = readCloudEvent(entry.event as unknown as Json, NOW);
      if (!('fact' in reading)) throw new Error(JSON.stringify(reading.refusal));
      return { stream: sessionStream(reading.fact.data.session_id), ...writeFact(reading.fact) };
    }
    case 'ledger.opened': {
      const { billing_time_zone } = entry;
      const data = {
        ledger_id: 'generated',
        billing_time_zone,
        rate_cards: entry.rate_cards.map((card) => cardOf(card, entry.recorded_at)),
        plans: parsePlans(entry.plans as unknown as Json),
      };
      return { stream: 'ledger', type, body: writeLedgerEvent(data) };
    }
    case 'rate_card.published': {
      const card = cardOf(entry.card, entry.recorded_at);
      return { stream: `rate_card-${card.currency}`, type, body: writeLedgerEvent(card) };
    }
    case 'plan.defined': {
      const { plan } = entry;
      const terms = parsePlans({ free: {}, [plan]: entry.definition } as unknown as Json)[plan];
      return { stream: `plan-${plan}`, type, body: writeLedgerEvent({ plan, ...terms }) };
    }
    case 'plan.defaulted': {
      const { plan, effective_from } = entry;
      return { stream: 'ledger', type, body: writeLedgerEvent({ plan, effective_from }) };
    }
    case 'plan.assigned': {
      const { plan, currency = null, effective_from } = entry;
      const body = writeLedgerEvent({ plan, currency, effective_from });
      return { stream: accountStream(entry.user_id), type, body };
    }
    case 'usage.adjusted': {
      const { type: _, user_id, recorded_at: __, ...data } = entry;
      return { stream: accountStream(user_id), type, body: writeLedgerEvent(data) };
    }
    case 'session.voided': {
      const { session_id, reason, author } = entry;
      // Every void has an idempotency key, and none is used twice.
      const request = { key: `void-${index}`, digest: '' };
      const body = writeLedgerEvent({ reason, author }, request);
      return { stream: sessionStream(session_id), type, body };
    }
    case 'billing_period.closed': {
      const { period, from, to, size } = entry;
      const body = writeLedgerEvent({ period, from, to, size, ...pins(period, size) });
      return { stream: `billing_period-${period}`, type, body };
    }
  }
}

function cardOf({ rate_card_id, ...card }: RawCard, recordedAt: number): RateCard {
  return { rate_card_id, ...parseRateCard(card as unknown as Json, recordedAt) };
}
