import type { Plans } from './plan/plan';
import type { RateCard } from './rating/rate-card';

/** What the ledger's first event says: `ledger.opened` on the stream `ledger`. */
export interface LedgerOpened {
  readonly ledger_id: string;
  /** An IANA time zone; the ledger's for ever. */
  readonly billing_time_zone: string;
  /** Complete cards, each with its `rate_card_id`; the first one's currency is the ledger's default. */
  readonly rate_cards: readonly RateCard[];
  readonly plans: Plans;
}

export const LEDGER_OPENED = 'ledger.opened';
export const LEDGER_STREAM = 'ledger';

/**
 * The stored form of an event that the ledger itself writes, version 1: `{"version":1,"data":{…}}`. A fixed
 * point of `JSON.stringify(JSON.parse(text))`, as facts are.
 */
export function writeLedgerEvent(data: object): string {
  return JSON.stringify({ version: 1, data });
}

/** @throws Error if the event says a version that this program does not know. */
export function readLedgerEvent<T>(type: string, body: string): T {
  const stored = JSON.parse(body) as { version: number; data: T };
  if (stored.version === 1) return stored.data;
  throw new Error(
    `An event of type ${type} has version ${stored.version}, which this program does not know. It was written by a newer Minutebook: run that one, or newer.`,
  );
}
