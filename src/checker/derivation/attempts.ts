import { byText, type Fact, ofAttempt } from './facts';
import type { RetryPolicy } from './ledger';

type TranscriptionType = 'original' | 'retry_success' | 'retry_failed';

/** How far clocks may differ (docs/reference/rules.md#attempt-4). */
const CLOCK_TOLERANCE_MS = 5_000;

export const outcomeOf = (facts: readonly Fact[], attempt: number): Fact | undefined =>
  ofAttempt(facts, attempt).find((one) => ['completed', 'failed'].includes(one.kind));

/** Sorts by time, then source, then id (docs/reference/rules.md#attempt-5). */
function inOrder(facts: readonly Fact[]): Fact[] {
  return [...facts].sort(
    (a, b) => a.time - b.time || byText(a.source, b.source) || byText(a.id, b.id),
  );
}

const ofKind = (facts: readonly Fact[], attempt: number, kind: Fact['kind']): Fact[] =>
  inOrder(ofAttempt(facts, attempt).filter((one) => one.kind === kind));

/**
 * Takes the status from the outcome. Without one, the attempt has failed if a `retried` or `started` fact names its
 * successor; else it is open (docs/reference/rules.md#attempt-2). The same holds for an attempt that no fact names. If
 * it is open, a later one that completed may have to wait for it (docs/reference/rules.md#bill-1).
 */
function statusOf(facts: readonly Fact[], attempt: number): 'completed' | 'failed' | 'open' {
  const outcome = outcomeOf(facts, attempt);
  if (outcome) return outcome.kind as 'completed' | 'failed';
  const hasSuccessor = ofAttempt(facts, attempt + 1).some((one) =>
    ['retried', 'started'].includes(one.kind),
  );
  return hasSuccessor ? 'failed' : 'open';
}

/** Null while the type can't be known, because the attempt before is open. */
function typeOf(facts: readonly Fact[], attempt: number): TranscriptionType | null {
  if (attempt === 1) return 'original';
  const before = statusOf(facts, attempt - 1);
  if (before === 'open') return null;
  if (before === 'failed') return 'retry_failed';
  const asked =
    ofKind(facts, attempt, 'retried')[0] ?? ofKind(facts, attempt, 'started')[0] ?? null;
  const completed = outcomeOf(facts, attempt - 1)!;
  return asked === null || completed.time <= asked.time + CLOCK_TOLERANCE_MS
    ? 'retry_success'
    : 'retry_failed';
}

type BillingReason =
  | 'transcription_completed'
  | 'retranscription'
  | 'first_success_after_failure'
  | 'retry_after_failure'
  | 'retry_after_failure_free'
  | 'zero_duration';

export interface Billing {
  readonly type: TranscriptionType;
  readonly billable: boolean;
  readonly reason: BillingReason;
}

const isZero = (completed: Fact): boolean => completed.data['duration_seconds'] === '0';

/**
 * Returns the type, and whether and why a completed attempt is billed; null while it is pending.
 *
 * `paidAlready`: a later attempt of the session was billed as its first success in a period that has been closed since.
 * So this attempt is free unless it is a `retry_success` (docs/reference/rules.md#close-9). That rule comes before
 * `zero_duration` (docs/reference/rules.md#bill-1).
 */
export function billingOf(
  facts: readonly Fact[],
  attempt: number,
  policy: RetryPolicy,
  paidAlready: boolean,
): Billing | null {
  const type = typeOf(facts, attempt);
  if (type === null) return null;
  const earlier = Array.from({ length: attempt - 1 }, (_, index) => index + 1);
  if (
    type === 'retry_failed' &&
    policy === 'bill_first_success' &&
    earlier.some((one) => statusOf(facts, one) === 'open')
  ) {
    return null;
  }
  const free: Billing = { type, billable: false, reason: 'retry_after_failure_free' };
  if (paidAlready && type !== 'retry_success') return free;

  const succeededBefore = earlier.some(
    (one) => statusOf(facts, one) === 'completed' && !isZero(outcomeOf(facts, one)!),
  );
  const reason: BillingReason =
    type === 'original'
      ? 'transcription_completed'
      : type === 'retry_success'
        ? 'retranscription'
        : policy === 'bill'
          ? 'retry_after_failure'
          : policy === 'bill_first_success' && !succeededBefore
            ? 'first_success_after_failure'
            : 'retry_after_failure_free';
  if (reason === 'retry_after_failure_free') return free;
  return isZero(outcomeOf(facts, attempt)!)
    ? { type, billable: false, reason: 'zero_duration' }
    : { type, billable: true, reason };
}

/**
 * Returns a descriptive field of an attempt: from `completed`, else `started`, else `retried`. Of several facts of a
 * kind, the earliest that has the field counts (docs/reference/rules.md#attempt-6).
 */
export function describe(
  facts: readonly Fact[],
  attempt: number,
  field: string,
  kinds: readonly Fact['kind'][] = ['completed', 'started', 'retried'],
): unknown {
  return (
    kinds
      .flatMap((kind) => ofKind(facts, attempt, kind))
      .find((one) => one.data[field] !== undefined)?.data[field] ?? null
  );
}

export const startOf = (facts: readonly Fact[], attempt: number): Fact | undefined =>
  ofKind(facts, attempt, 'started')[0];
