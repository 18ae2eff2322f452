/**
 * Every refusal of the ledger. Each has a code that clients may rely on.
 * `http/problem.ts` maps the codes to HTTP statuses.
 */
export type RefusalCode =
  | 'invalid_event'
  | 'missing_attribute'
  | 'invalid_attribute'
  | 'unsupported_specversion'
  | 'unknown_type'
  | 'time_in_future'
  | 'subject_mismatch'
  | 'missing_field'
  | 'unknown_field'
  | 'invalid_field'
  | 'source_not_allowed'
  | 'event_id_reused'
  | 'fact_voided'
  | 'session_user_mismatch'
  | 'attempt_already_settled'
  | 'invalid_rate_card'
  | 'invalid_plan'
  | 'unknown_plan'
  | 'plan_exists'
  | 'unknown_currency'
  | 'currency_change_not_allowed'
  | 'effective_in_past'
  | 'period_closed'
  | 'period_not_over'
  | 'attempts_waiting'
  | 'adjustment_below_zero'
  | 'unknown_adjustment'
  | 'already_voided'
  | 'unknown_session'
  | 'unknown_user';

/** A refusal: the rule that was broken, what to do, and where. */
export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence that tells the person what to do. */
  readonly detail: string;
  /** JSON pointer to the field at fault, within the event. */
  readonly pointer?: string;
  /** The fields that differ (`event_id_reused`). */
  readonly fields?: readonly string[];
}

/** A mistake in a rate card or plan, with a JSON pointer to it. The parsers of cards and plans throw it. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.pointer === undefined ? refusal.detail : `${refusal.pointer}: ${refusal.detail}`);
    this.name = 'RefusedError';
  }
}
