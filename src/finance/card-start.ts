import { setImmediate } from 'node:timers/promises';

import type { Terms } from '../domain/account/terms';
import { cardStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import { priceEntryName, type RateCard } from '../domain/rating/rate-card';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import { BillingFold } from '../projections/billing-fold';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { RowsToRead } from '../read-model/rows';
import { standingOf } from '../usage/standing';
import { oldestOpenInUse } from './periods-in-use';

const USERS_A_PAGE = 500;
/** How many cards and providers one query looks for. */
const CARDS_A_QUERY = 100;

/** A card to publish, the recorded time of its event, and the position of the previous event. */
export interface CardStart {
  readonly card: RateCard;
  readonly now: number;
  readonly head: number;
}

/** What a card is tried on. The rows and the snapshot include everything up to `head`. */
export interface CardTrialParts {
  readonly store: Pick<EventReader, 'readStream'>;
  readonly rows: RowsToRead;
  readonly snapshot: ReadModelSnapshot;
  readonly signal: AbortSignal;
}

/**
 * Whether a card may begin in the past: it must begin in an open period and change no log's seconds or cost. Tries it
 * on every user whose logs it may change.
 */
export async function mayStart(parts: CardTrialParts, start: CardStart): Promise<boolean> {
  const { terms } = await standingOf(parts.snapshot);
  const oldest = await oldestOpenInUse(parts.snapshot, terms);
  const from = Date.parse(start.card.effective_from);
  const inOpen = oldest !== undefined && from >= terms.range(oldest).from;
  return inOpen && !(await changesMoneyOfAny(parts, start, terms));
}

/**
 * Whether a card would change a usage log's seconds or cost, or remove a log. Tries it user by user, because statements
 * are per user, and stops at the first change. Writes nothing. Nothing is recorded meanwhile, so users are left out
 * whom it can't change: those whose logs from then on it rates as before, and who have nothing waiting for a price.
 */
async function changesMoneyOfAny(
  { store, rows, snapshot, signal }: CardTrialParts,
  start: CardStart,
  terms: Terms,
): Promise<boolean> {
  const event = triedEvent(start);
  const checkpoint = await rows.checkpoint();
  for await (const userId of usersChangedBy(start.card, snapshot, terms)) {
    const fold = new BillingFold(store, rows, { onlyUser: userId });
    const { changes, changesMoney } = await fold.fold([event], checkpoint);
    if (changesMoney || changes.removedLogs.length > 0) return true;
    await setImmediate();
    signal.throwIfAborted();
  }
  return false;
}

/** Returns the event that would publish a card. */
export function triedEvent({ card, now, head }: CardStart): StoredEvent {
  return {
    position: (head + 1) as Position,
    stream: cardStream(card.currency),
    revision: 0,
    id: card.rate_card_id,
    type: LEDGER_EVENTS.cardPublished,
    body: writeLedgerEvent(card),
    recordedAt: now,
  };
}

/** The users whose logs a card may change; some of them twice. */
async function* usersChangedBy(
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

/** Returns all of a card that matters for one price entry, as a text. The parser gives all cards one order of fields. */
function textWithOnly(card: RateCard, name: string): string {
  const { prices, rounding, surcharges, retry_after_failure: retries } = card;
  return JSON.stringify([prices[name], rounding, surcharges, retries]);
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
