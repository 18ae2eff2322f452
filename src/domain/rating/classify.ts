import type { Attempt } from '../session/attempts';
import { priceEntryName, type RateCard } from './rate-card';

/** Why a log is billed or not. */
export const BILLING_REASONS = [
  'transcription_completed',
  'retranscription',
  'first_success_after_failure',
  'retry_after_failure',
  'retry_after_failure_free',
  'zero_duration',
] as const;
export type BillingReason = (typeof BILLING_REASONS)[number];

/** What applies to retries after failures where there is no card. */
const DEFAULT_POLICY: RateCard['retry_after_failure'] = 'bill_first_success';

/** Says whether a completed attempt is billed and why, or why it has no usage log yet. */
export type Classification =
  | { readonly status: 'pending' | 'unrated' }
  | { readonly status: 'log'; readonly billable: boolean; readonly reason: BillingReason };

/**
 * Classifies a completed attempt under the card in force at its time (docs/reference/rules.md#bill-1). An attempt that
 * would be billed is `unrated` if there is no card, or no price for its provider on the card.
 * @param paidAlready whether a later attempt was billed as the session's first success in a period that has been closed
 * since: one success, one charge (docs/reference/rules.md#close-9).
 */
export function classify(
  attempt: Attempt,
  card: RateCard | undefined,
  paidAlready = false,
): Classification {
  const completed = attempt.outcome!;
  if (attempt.type === null) return { status: 'pending' };
  // Without a card, the default policy of cards applies: what it makes free needs no price.
  const policy = card?.retry_after_failure ?? DEFAULT_POLICY;
  if (attempt.type === 'retry_failed' && policy === 'bill_first_success' && attempt.earlierOpen) {
    return { status: 'pending' };
  }
  if (
    (paidAlready && attempt.type !== 'retry_success') ||
    (attempt.type === 'retry_failed' && !isRetryBilled(attempt, policy))
  ) {
    return { status: 'log', billable: false, reason: 'retry_after_failure_free' };
  }
  if (completed.data.duration_seconds === '0') {
    return { status: 'log', billable: false, reason: 'zero_duration' };
  }
  if (card === undefined || priceEntryName(card, completed.data.stt_provider!) === undefined) {
    return { status: 'unrated' };
  }
  return { status: 'log', billable: true, reason: reasonOf(attempt, card) };
}

function isRetryBilled(
  attempt: Pick<Attempt, 'earlierSuccess'>,
  policy: RateCard['retry_after_failure'],
): boolean {
  if (policy === 'bill_first_success') return !attempt.earlierSuccess;
  return policy === 'bill';
}

/**
 * Returns whether an attempt that has not happened yet would be billed; `null` if that is not known yet. It would if it
 * were completed under this card, with a duration and a price, and no outcome arrived before it.
 */
export function isNextBillable(
  next: Pick<Attempt, 'type' | 'earlierOpen' | 'earlierSuccess'>,
  card: RateCard | undefined,
): boolean | null {
  if (next.type === null) return null;
  if (next.type !== 'retry_failed') return true;
  const policy = card?.retry_after_failure ?? DEFAULT_POLICY;
  if (policy === 'bill_first_success' && next.earlierOpen) return null;
  return isRetryBilled(next, policy);
}

function reasonOf(attempt: Attempt, card: RateCard): BillingReason {
  if (attempt.type === 'original') return 'transcription_completed';
  if (attempt.type === 'retry_success') return 'retranscription';
  return card.retry_after_failure === 'bill'
    ? 'retry_after_failure'
    : 'first_success_after_failure';
}
