import { setImmediate } from 'node:timers/promises';

import { cardStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import type { RateCard } from '../domain/rating/rate-card';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import { BillingFold } from '../projections/billing-fold';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { RowsToRead } from '../read-model/rows';
import { standingOf } from '../usage/standing';
import { oldestOpenInUse } from './periods-in-use';

const USERS_A_PAGE = 500;

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
 * on every user that it may concern.
 */
export async function mayStart(parts: CardTrialParts, start: CardStart): Promise<boolean> {
  const { terms } = await standingOf(parts.snapshot);
  const oldest = await oldestOpenInUse(parts.snapshot, terms);
  const from = Date.parse(start.card.effective_from);
  const inOpen = oldest !== undefined && from >= terms.range(oldest).from;
  return inOpen && !(await changesMoneyOfAny(parts, start));
}

/**
 * Whether a card would change a usage log's seconds or cost, or remove a log. Tries it user by user, because statements
 * are per user, and stops at the first change. Writes nothing.
 */
async function changesMoneyOfAny(
  { store, rows, snapshot, signal }: CardTrialParts,
  { card, now, head }: CardStart,
): Promise<boolean> {
  const event: StoredEvent = {
    position: (head + 1) as Position,
    stream: cardStream(card.currency),
    revision: 0,
    id: card.rate_card_id,
    type: LEDGER_EVENTS.cardPublished,
    body: writeLedgerEvent(card),
    recordedAt: now,
  };
  const checkpoint = await rows.checkpoint();
  const from = Date.parse(card.effective_from);
  for (let after = ''; ;) {
    const users = await snapshot.usersFrom(from, after, USERS_A_PAGE);
    for (const userId of users) {
      const fold = new BillingFold(store, rows, { onlyUser: userId });
      const { changes, changesMoney } = await fold.fold([event], checkpoint);
      if (changesMoney || changes.removedLogs.length > 0) return true;
      await setImmediate();
      signal.throwIfAborted();
    }
    if (users.length < USERS_A_PAGE) return false;
    after = users.at(-1)!;
  }
}
