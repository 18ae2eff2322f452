import type { Terms } from '../domain/account/terms';
import { priceEntryName, type RateCard } from '../domain/rating/rate-card';
import type { ReadModelSnapshot } from '../read-model/queries';

const USERS_A_PAGE = 500;
/** How many cards and providers one query looks for. */
const CARDS_A_QUERY = 100;

/**
 * The users whose logs a card may change; some are returned twice. Others are left out: their logs from the card's
 * beginning on are rated as before, and nothing of theirs waits for a price.
 */
export async function* usersRatedOtherwise(
  card: RateCard,
  snapshot: ReadModelSnapshot,
  terms: Terms,
): AsyncGenerator<string> {
  const from = Date.parse(card.effective_from);
  yield* each((after, limit) => snapshot.usersWaitingFrom(from, after, limit));
  const rated = await snapshot.rateCardsFrom(from, card.currency);
  const changed = rated.filter(({ rate_card_id: id, stt_provider: provider }) => {
    const before = id === null ? undefined : terms.cardById(id);
    return before === undefined || !ratesAlike(before, card, provider);
  });
  for (let at = 0; at < changed.length; at += CARDS_A_QUERY) {
    const some = changed.slice(at, at + CARDS_A_QUERY);
    yield* each((after, limit) => snapshot.usersRatedFrom(from, some, after, limit));
  }
}

/** Whether two cards rate all recordings of a provider alike, by price entries of the same name. */
function ratesAlike(one: RateCard, other: RateCard, provider: string): boolean {
  const name = priceEntryName(other, provider);
  if (name === undefined || name !== priceEntryName(one, provider)) return false;
  return textWithOnly(one, name) === textWithOnly(other, name);
}

/**
 * Returns a card as a text, with one of its prices, and without what says which card it is. The parser gives all cards
 * one order of fields.
 */
function textWithOnly(card: RateCard, name: string): string {
  const { prices, rate_card_id: _id, effective_from: _from, currency: _currency, ...rest } = card;
  return JSON.stringify([prices[name], rest]);
}

async function* each(
  page: (after: string, limit: number) => Promise<string[]>,
): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const users = await page(after, USERS_A_PAGE);
    yield* users;
    if (users.length < USERS_A_PAGE) return;
    after = users.at(-1)!;
  }
}
