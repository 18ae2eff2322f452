import type { DraftCard, Drafts } from '../domain/account/drafts';
import { RefusedError } from '../domain/errors';
import type { Json, JsonObject } from '../domain/events/facts';
import { parseDraftPlans } from '../domain/plan/parse-plans';
import { parseRateCard } from '../domain/rating/rate-card';
import { Problem } from '../http/problem';

/** The maximum number of draft cards, and of draft plans, in a rehearsal. */
export const MAX_DRAFTS = 100;

/** The drafts as JSON. */
export interface RawDrafts {
  readonly rate_cards?: unknown;
  readonly plans?: unknown;
}

/**
 * Reads drafts. A card without `effective_from` replaces all cards of its currency, so there may be only one for each
 * currency.
 * @throws RefusedError `invalid_rate_card` or `invalid_plan`, Problem `missing_field`, each with a pointer.
 */
export function parseDrafts({ rate_cards, plans }: RawDrafts): Drafts {
  const cards = parseCards((rate_cards ?? []) as readonly Json[]);
  const named = parseDraftPlans((plans ?? {}) as Json, '/plans');
  const count = Object.keys(named).length;
  if (count > MAX_DRAFTS)
    refuse('invalid_plan', `There are at most ${MAX_DRAFTS} plans.`, '/plans');
  if (cards.length === 0 && count === 0) {
    throw new Problem(
      'missing_field',
      'Send rate_cards or plans: without a draft there is nothing to rehearse.',
      { pointer: '/rate_cards' },
    );
  }
  return { cards, plans: named };
}

function parseCards(raws: readonly Json[]): DraftCard[] {
  const cards = raws.map((raw, index): DraftCard => {
    const card = parseRateCard(raw, 0, `/rate_cards/${index}`);
    const replaces = ((raw as JsonObject)['effective_from'] ?? null) === null;
    return { card: { rate_card_id: `draft-${index + 1}`, ...card }, replaces };
  });
  cards.forEach(({ card, replaces }, index) => {
    const first = cards.findIndex(
      (other) => other.replaces && other.card.currency === card.currency,
    );
    if (!replaces || first === index) return;
    refuse(
      'invalid_rate_card',
      `A second draft for ${card.currency} without effective_from: each would replace all cards of the currency. Give one of them a date.`,
      `/rate_cards/${index}/effective_from`,
    );
  });
  return cards;
}

function refuse(
  code: 'invalid_rate_card' | 'invalid_plan',
  detail: string,
  pointer: string,
): never {
  throw new RefusedError({ code, detail, pointer });
}
