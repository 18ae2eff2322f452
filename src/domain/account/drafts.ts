import type { Plans } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';
import type { Agreement } from './agreement';

/** A rate card that is tried, not published. */
export interface DraftCard {
  readonly card: RateCard;
  /** Without a date of its own it stands for all cards of its currency: as if it had been the card all along. */
  readonly replaces: boolean;
}

/** What a rehearsal tries: cards and plans that are in force from the ledger's first event on. */
export interface Drafts {
  readonly cards: readonly DraftCard[];
  /** A plan of a name that is there takes its place; another is new. */
  readonly plans: Plans;
}

/**
 * The agreement as if drafts had been agreed from the start: a draft card with a date competes by it like any card of
 * its currency, and wins over a real one of the same moment; one without a date replaces all of them. The ledger's
 * default currency stays what it is.
 */
export function underDrafts(agreement: Agreement, drafts: Drafts): Agreement {
  const replacing = new Map<string, RateCard>();
  for (const { card, replaces } of drafts.cards) if (replaces) replacing.set(card.currency, card);
  const placed = new Set<string>();
  const cards = agreement.cards.flatMap((real): RateCard[] => {
    const draft = replacing.get(real.currency);
    if (draft === undefined) return [real];
    // In the place of the first card of its currency: the ledger's first card names the default currency.
    if (placed.has(real.currency)) return [];
    placed.add(real.currency);
    return [draft];
  });
  const fresh = [...replacing.values()].filter((card) => !placed.has(card.currency));
  // Behind all others: of equal dates the last counts.
  const dated = drafts.cards.filter((one) => !one.replaces).map((one) => one.card);
  return {
    ...agreement,
    cards: [...cards, ...fresh, ...dated],
    plans: { ...agreement.plans, ...drafts.plans },
  };
}
