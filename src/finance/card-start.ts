import { setImmediate } from 'node:timers/promises';

import type { Terms } from '../domain/account/terms';
import { cardStream, LEDGER_EVENTS, writeLedgerEvent } from '../domain/ledger';
import type { RateCard } from '../domain/rating/rate-card';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import { asError } from '../lib/as-error';
import { BillingFold } from '../projections/billing-fold';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { Checkpoint, RowsToRead } from '../read-model/rows';
import { standingOf } from '../usage/standing';
import { oldestOpenInUse } from './periods-in-use';
import { usersRatedOtherwise } from './users-rated-otherwise';
import { UsersTold } from './users-told';

/**
 * How many rounds an early trial takes to follow new events, and how many users it may leave to the decision.
 */
const ROUNDS = 5;
const FEW_USERS = 20;

/** A card to publish, and the recorded time of its event. */
export interface CardStart {
  readonly card: RateCard;
  readonly now: number;
}

/**
 * The result of trying a card while events are recorded: whether it may begin, as of a position. For users whom no
 * later event concerns, the result still holds.
 */
export interface EarlyTrial {
  readonly may: boolean;
  readonly upTo: number;
}

/** What a card is tried on. */
export interface CardTrialParts {
  readonly store: Pick<EventReader, 'readAll' | 'readStream'>;
  readonly rows: RowsToRead;
  readonly snapshot: ReadModelSnapshot;
  readonly signal: AbortSignal;
}

/** What a card is tried on early: a snapshot would keep what it has read, so each round has its own. */
export interface EarlyTrialParts extends Omit<CardTrialParts, 'snapshot'> {
  readonly openSnapshot: () => ReadModelSnapshot;
}

/**
 * Tries a card that begins in the past before the decision, so that the decision needs to try it on few users: nothing
 * is recorded during the decision. Events that arrive during the trial may make the rows of their users newer than what
 * they are compared with, so those users are tried again: here, or in {@link mayStart}.
 */
export async function tryEarly(
  { openSnapshot, ...rest }: EarlyTrialParts,
  start: CardStart,
): Promise<EarlyTrial> {
  const { store, rows } = rest;
  let before: UsersTold | undefined;
  for (let round = 1; ; round += 1) {
    const checkpoint = await rows.checkpoint();
    const upTo = checkpoint.position;
    await before?.readOn(upTo);
    const since = new UsersTold(store, upTo);
    const isLast = round >= ROUNDS || isFew(before);
    const parts = { ...rest, snapshot: openSnapshot() };
    if (!(await mayStartOn(parts, start, checkpoint, before, since))) return { may: false, upTo };
    if (isLast) return { may: true, upTo };
    before = since;
  }
}

/**
 * Whether a card may begin in the past: it must begin in an open period and change no log's seconds or cost. The rows
 * and the snapshot include all events, and none is recorded meanwhile.
 * @param early the result of trying it early; if left out, it is tried on every user whose logs it may change.
 */
export async function mayStart(
  parts: CardTrialParts,
  start: CardStart,
  early?: EarlyTrial,
): Promise<boolean> {
  if (early?.may === false) return false;
  const told = early === undefined ? undefined : new UsersTold(parts.store, early.upTo);
  await told?.readOn();
  return mayStartOn(parts, start, await parts.rows.checkpoint(), told);
}

function isFew(told: UsersTold | undefined): boolean {
  return told !== undefined && !told.everyone && told.users.size <= FEW_USERS;
}

/**
 * @param told the users to try it on; if undefined or everyone, all users whose logs it may change.
 * @param since whom events after the checkpoint concern, if there may be any. Their rows may be newer than the
 * checkpoint, so what is found for them, even an error, says nothing.
 */
async function mayStartOn(
  { store, rows, snapshot, signal }: CardTrialParts,
  start: CardStart,
  checkpoint: Checkpoint,
  told: UsersTold | undefined,
  since?: UsersTold,
): Promise<boolean> {
  const { terms } = await standingOf(snapshot);
  if (!(await isInOpenPeriod(snapshot, start, terms))) return false;
  const isAll = told === undefined || told.everyone;
  const event = triedEvent(start, checkpoint);
  const fold = (onlyUser: string) => new BillingFold(store, rows, { onlyUser });
  for await (const userId of isAll
    ? usersRatedOtherwise(start.card, snapshot, terms)
    : told.users) {
    const found = await changesMoney(fold(userId), event, checkpoint).catch(asError);
    if (found !== false) {
      await since?.readOn();
      if (since?.everyone === true) return true;
      if (since?.users.has(userId) !== true) {
        if (found === true) return false;
        throw found;
      }
    }
    await setImmediate();
    signal.throwIfAborted();
  }
  return true;
}

async function isInOpenPeriod(
  snapshot: ReadModelSnapshot,
  { card }: CardStart,
  terms: Terms,
): Promise<boolean> {
  const oldest = await oldestOpenInUse(snapshot, terms);
  return oldest !== undefined && Date.parse(card.effective_from) >= terms.range(oldest).from;
}

/** Whether an event would change the seconds or the cost of logs, or remove a log. Writes nothing. */
async function changesMoney(
  fold: BillingFold,
  event: StoredEvent,
  checkpoint: Checkpoint,
): Promise<boolean> {
  // Its place in the ledger's tree does not matter, and the tree may be ahead of the checkpoint.
  const place = { index: checkpoint.size, counted: checkpoint.position };
  const { changes, changesMoney: changed } = await fold.fold([event], checkpoint, place);
  return changed || changes.removedLogs.length > 0;
}

/** Returns the event that would publish a card right after a checkpoint. */
export function triedEvent(
  { card, now }: CardStart,
  { position }: Pick<Checkpoint, 'position'>,
): StoredEvent {
  return {
    position: (position + 1) as Position,
    stream: cardStream(card.currency),
    revision: 0,
    id: card.rate_card_id,
    type: LEDGER_EVENTS.cardPublished,
    body: writeLedgerEvent(card),
    recordedAt: now,
  };
}
