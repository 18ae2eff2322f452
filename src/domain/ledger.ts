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
