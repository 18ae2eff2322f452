import { type Billing, describe, startOf } from './attempts';
import { billedSecondsOf, type Card, entryOf } from './cards';
import { type Row, toMinutes } from './derived';
import { byText, type Fact, type Life } from './facts';
import { writeInstant } from './months';
import { rateStatement, type Unrated } from './rating';
import { Rational } from './rational';
import type { Terms } from './terms';

/** An attempt that is a log, so it is known whether it is billed. */
export interface Settled {
  readonly status: 'log';
  readonly completed: Fact;
  readonly billing: Billing;
  readonly currency: string;
  readonly card: Card | null;
}

/** A log before it is rated. */
export interface Candidate extends Settled {
  readonly key: string;
  readonly life: Life;
  readonly user_id: string;
  readonly usagePeriod: string;
  readonly billingPeriod: string;
  readonly madeBy: number;
}

/**
 * Orders by time, then session id, then attempt. Late logs come after all others, in ledger order of the events that
 * made them logs, then as above (docs/reference/rules.md#statement-2).
 */
function inStatement(a: Candidate, b: Candidate): number {
  const isLate = (one: Candidate) => one.billingPeriod !== one.usagePeriod;
  return (
    Number(isLate(a)) - Number(isLate(b)) ||
    (isLate(a) ? a.madeBy - b.madeBy : 0) ||
    a.completed.time - b.completed.time ||
    byText(a.completed.session_id, b.completed.session_id) ||
    a.completed.attempt - b.completed.attempt
  );
}

/** The texts of a log that describe it, and on which no amount depends. */
const DESCRIPTIONS = ['client_id', 'language', 'original_filename'] as const;
type Descriptions = Readonly<Record<(typeof DESCRIPTIONS)[number], string | null>>;

function descriptions(textOf: (field: keyof Descriptions) => string | null): Descriptions {
  return Object.fromEntries(DESCRIPTIONS.map((field) => [field, textOf(field)])) as Descriptions;
}

/** Returns the rows of one statement, in order. */
export function statementOf(group: readonly Candidate[], terms: Terms): Row[] {
  const statement = [...group].sort(inStatement);
  const rated = rateStatement(
    statement.map(({ completed, billing, card, currency }): Unrated => {
      const { data, user_id, time } = completed;
      const entry = card && entryOf(card, data['stt_provider'] as string);
      const duration = Rational.parse(data['duration_seconds'] as string);
      return {
        billable: billing.billable,
        currency,
        card,
        entry,
        billedSeconds: billing.billable
          ? billedSecondsOf(entry!.price, duration, data['channels'] as number)
          : Rational.of(0),
        allowance: terms.planAt(user_id, time).includedSeconds,
        speakers: (data['speaker_count'] ?? null) as number | null,
        confidence: (data['confidence_score'] ?? null) as number | null,
      };
    }),
  );
  return statement.map((one, rank): Row => {
    const { completed, billing, card, currency, life, user_id } = one;
    const { session_id, attempt, data } = completed;
    const { billedSeconds, includedSeconds, cost, costCents } = rated[rank]!;
    const started = startOf(life.facts, attempt);
    const described = descriptions(
      (field) => describe(life.facts, attempt, field) as string | null,
    );
    const number = (field: string) => (data[field] ?? null) as number | null;
    return {
      key: one.key,
      user_id,
      session_id,
      life: life.life,
      billing_period: one.billingPeriod,
      rank,
      log: {
        session_id,
        user_id,
        client_id: described.client_id,
        attempt,
        retry_count: attempt - 1,
        transcription_type: billing.type,
        billable: billing.billable,
        billing_reason: billing.reason,
        stt_provider: data['stt_provider'] as string,
        duration_seconds: data['duration_seconds'] as string,
        billed_seconds: billedSeconds.toWire(),
        included_seconds: includedSeconds.toWire(),
        billable_minutes: toMinutes(billedSeconds),
        cost: cost.toWire(),
        cost_cents: Number(costCents),
        currency,
        usage_period: one.usagePeriod,
        billing_period: one.billingPeriod,
        late: one.billingPeriod !== one.usagePeriod,
        plan: terms.planAt(user_id, completed.time).name,
        rate_card_id: card?.id ?? null,
        started_at: started ? writeInstant(started.time) : null,
        completed_at: writeInstant(completed.time),
        language: described.language,
        original_filename: described.original_filename,
        speaker_count: number('speaker_count'),
        confidence_score: number('confidence_score'),
        channels: data['channels'] as number,
        position: String(one.madeBy + 1),
      },
    };
  });
}

/**
 * Lets a late `started` fill in the descriptions of a row in a closed period (docs/reference/rules.md#close-7). It adds
 * only what was missing: a description that the row already had stays.
 */
export function withLateDescriptions(row: Row, life: Life): Row {
  const { attempt } = row.log;
  const started = startOf(life.facts, attempt);
  return {
    ...row,
    log: {
      ...row.log,
      ...descriptions(
        (field) =>
          row.log[field] ?? (describe(life.facts, attempt, field, ['started']) as string | null),
      ),
      started_at: row.log.started_at ?? (started ? writeInstant(started.time) : null),
    },
  };
}
