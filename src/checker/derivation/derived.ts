import type { Billing } from './attempts';
import type { Life } from './facts';
import { Rational } from './rational';
import type { Terms } from './terms';

export interface ReferenceLog {
  session_id: string;
  user_id: string;
  client_id: string | null;
  attempt: number;
  retry_count: number;
  transcription_type: Billing['type'];
  billable: boolean;
  billing_reason: Billing['reason'];
  stt_provider: string;
  duration_seconds: string;
  billed_seconds: string;
  included_seconds: string;
  billable_minutes: string;
  cost: string;
  cost_cents: number;
  currency: string;
  usage_period: string;
  billing_period: string;
  late: boolean;
  plan: string;
  rate_card_id: string | null;
  started_at: string | null;
  completed_at: string;
  language: string | null;
  original_filename: string | null;
  speaker_count: number | null;
  confidence_score: number | null;
  channels: number;
  /** One more than the index of the event that made it a log. */
  position: string;
}

/** Something that counts in a period. Its key is the same in every prefix of the ledger. */
interface Counted {
  readonly key: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly billing_period: string;
}

export interface Row extends Counted {
  readonly life: number;
  /** The log's rank in its statement, from 0. */
  readonly rank: number;
  readonly log: ReferenceLog;
}

export interface Failure extends Counted {
  /**
   * The user's currency in the period in which the failure counts (docs/reference/rules.md#close-8). It is stored with
   * the failure, because an assignment may come between a close's `size` and the close.
   */
  readonly currency: string;
}

export interface Adjustment extends Omit<Counted, 'session_id'> {
  readonly id: string;
  readonly currency: string;
  readonly amount_cents: number;
}

export interface Waiting {
  session_id: string;
  attempt: number;
  user_id: string;
  status: 'pending' | 'unrated';
}

/** Everything that follows from a prefix of the ledger. */
export interface Derived {
  readonly terms: Terms;
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  readonly adjustments: readonly Adjustment[];
  /** With the `usage_period` that each would have. */
  readonly waiting: readonly (Waiting & { readonly usage_period: string })[];
}

const SIXTY = Rational.of(60);

/** Seconds / 60, half-even at 6 decimals (docs/reference/rules.md#value-4). */
export const toMinutes = (seconds: Rational): string =>
  seconds.over(SIXTY).rounded(6, 'half_even').toWire();

/** Identifies an attempt of a session's life in every prefix of the ledger. */
export const keyOf = (life: Pick<Life, 'session_id' | 'life'>, attempt: number): string =>
  JSON.stringify([life.session_id, life.life, attempt]);
