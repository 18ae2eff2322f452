import type { Plans } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';
import type { Agreement } from './agreement';

/** A rate card that is tried out, not published. */
export interface DraftCard {
  readonly card: RateCard;
  /** Whether the draft has no date. It then replaces all cards of its currency, as if it had always been the card. */
  readonly replaces: boolean;
}

/** What a rehearsal tries: cards and plans that hold from the ledger's first event on. */
export interface Drafts {
  readonly cards: readonly DraftCard[];
  /** A plan with an existing name replaces that plan. Any other is new. */
  readonly plans: Plans;
}

/**
 * Returns the agreement as if the drafts had been agreed from the start. A draft card with a date competes by date with
 * the other cards of its currency, and wins over a real one of the same moment. A draft without a date replaces all of
 * them. The ledger's default currency does not change.
 */
export function underDrafts(agreement: Agreement, drafts: Drafts): Agreement {
  const replacing = new Map<string, RateCard>();
  for (const { card, replaces } of drafts.cards) if (replaces) replacing.set(card.currency, card);
  const placed = new Set<string>();
  const cards = agreement.cards.flatMap((real): RateCard[] => {
    const draft = replacing.get(real.currency);
    if (draft === undefined) return [real];
    // The draft takes the position of the first card of its currency: the ledger's first card names the default
    // currency.
    if (placed.has(real.currency)) return [];
    placed.add(real.currency);
    return [draft];
  });
  const fresh = [...replacing.values()].filter((card) => !placed.has(card.currency));
  // Dated drafts go last, because the last of equal dates counts.
  const dated = drafts.cards.filter((one) => !one.replaces).map((one) => one.card);
  return {
    ...agreement,
    cards: [...cards, ...fresh, ...dated],
    plans: { ...agreement.plans, ...drafts.plans },
  };
}
