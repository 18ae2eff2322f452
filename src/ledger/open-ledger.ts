import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { OpeningTerms } from '../domain/ledger';
import { deterministicId } from '../domain/events/stored';
import {
  LEDGER_OPENED,
  LEDGER_STREAM,
  readLedgerEvent,
  writeLedgerEvent,
  type LedgerOpened,
} from '../domain/ledger';
import { StoreError } from '../event-store/errors';
import { NO_STREAM, START, type EventReader, type EventStore } from '../event-store/port';

const FIRST = 0;
/** How often the opening of another instance is read, and the pause in between in milliseconds. */
const READS = 50;
const READ_PAUSE_MS = 100;
const UTC = 'UTC';

/** The ledger was opened in another time zone than the configured one. */
class OtherZoneError extends Error {
  constructor(own: string, asked: string) {
    super(
      `This ledger's billing periods are months in ${own}; BILLING_TIME_ZONE says ${asked}. A ledger keeps its zone forever: leave BILLING_TIME_ZONE out or set it to ${own}, or use another DATA_DIR for a new ledger.`,
    );
    this.name = 'OtherZoneError';
  }
}

/** The content of a ledger's first event, and whether it was written just now. */
export interface Opening {
  readonly opened: LedgerOpened;
  readonly isNew: boolean;
}

/**
 * Opens a new ledger with its first event, or reads the first event of an existing one. Safe if several instances start
 * at once: the event of the first one stands.
 * @param now milliseconds since 1970.
 * @throws OtherZoneError if the ledger has another zone than `zone`.
 */
export async function openLedger(
  store: EventStore,
  opening: OpeningTerms,
  zone: string | undefined,
  now: number,
): Promise<Opening> {
  const there = await readOpened(store);
  const ledger =
    there === undefined
      ? await appendOpened(store, opening, zone ?? UTC, now)
      : { opened: there, isNew: false };
  const own = ledger.opened.billing_time_zone;
  if (zone !== undefined && !isSameZone(zone, own)) throw new OtherZoneError(own, zone);
  return ledger;
}

/** No two zones differ by the case of their names alone. */
function isSameZone(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Returns the id of the ledger that a store holds. @throws Error if it holds none yet. */
export async function ledgerIdIn(store: Pick<EventReader, 'readAll'>): Promise<string> {
  const id = await findLedgerIdIn(store);
  if (id !== undefined) return id;
  throw new Error('There is no ledger yet: start the service once, and it opens one.');
}

/** Returns the id of the ledger that a store holds; `undefined` if it holds none yet. */
export async function findLedgerIdIn(
  store: Pick<EventReader, 'readAll'>,
): Promise<string | undefined> {
  const [first] = await store.readAll(START, 1);
  if (first?.type !== LEDGER_OPENED) return undefined;
  return readLedgerEvent(LEDGER_OPENED, first.body).data.ledger_id;
}

async function readOpened(store: EventStore): Promise<LedgerOpened | undefined> {
  const [first] = await store.readStream(LEDGER_STREAM, FIRST, 1);
  return first && readLedgerEvent(LEDGER_OPENED, first.body).data;
}

async function appendOpened(
  store: EventStore,
  opening: OpeningTerms,
  zone: string,
  now: number,
): Promise<Opening> {
  const opened: LedgerOpened = {
    ledger_id: randomUUID(),
    billing_time_zone: zone,
    rate_cards: opening.rateCards.map((card) => ({ rate_card_id: randomUUID(), ...card })),
    plans: opening.plans,
  };
  const event = {
    id: deterministicId(LEDGER_STREAM, opened.ledger_id),
    type: LEDGER_OPENED,
    body: writeLedgerEvent(opened),
    recordedAt: now,
  };
  const [outcome] = await store.append([
    { stream: LEDGER_STREAM, expectedRevision: NO_STREAM, events: [event] },
  ]);
  if (outcome!.status === 'failed') throw outcome!.error;
  if (outcome!.status === 'appended') return { opened, isNew: true };
  return { opened: await openedByOther(store), isNew: false };
}

/** Reads the opening of another instance, which EventStoreDB may know of a moment before it can be read. */
async function openedByOther(store: EventStore): Promise<LedgerOpened> {
  for (let tries = 0; tries < READS; tries += 1) {
    const opened = await readOpened(store);
    if (opened !== undefined) return opened;
    await sleep(READ_PAUSE_MS);
  }
  throw new StoreError(
    'unavailable',
    'Another instance has opened the ledger, but its first event cannot be read. Start again.',
  );
}
