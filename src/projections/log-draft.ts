import type { Terms } from '../domain/account/terms';
import type { PersonalData, FactData } from '../domain/events/facts';
import { print, toMinutes } from '../domain/money';
import type { Plan } from '../domain/plan/plan';
import type { Rated, RatingInput } from '../domain/rating/statement';
import type { LogPlace, StatementKey, UsageLogRow } from '../read-model/rows';
import type { UsageLogView } from '../read-model/views';

/** What rating fills in. */
type RatedField =
  | 'billed_seconds'
  | 'included_seconds'
  | 'billable_minutes'
  | 'cost'
  | 'cost_cents'
  | 'plan'
  | 'rate_card_id';

/** A usage log before it is rated: all that its session says of it. */
export type LogDraft = Omit<UsageLogView, RatedField>;

/** The statement that a log belongs to. */
export function statementOf(log: LogDraft): StatementKey {
  return { user_id: log.user_id, period: log.billing_period };
}

/** Where a log stands in its statement. */
export function placeOf(log: LogDraft): LogPlace {
  return {
    late_position: log.late ? Number(log.position) : 0,
    completed_at: Date.parse(log.completed_at),
    session_id: log.session_id,
    attempt: log.attempt,
  };
}

/**
 * What rating must know of a log: what its session says, and the terms in force at its time.
 * @param moment when it was completed, in milliseconds since 1970.
 */
export function ratingInput(
  log: LogDraft,
  moment: number,
  terms: Terms,
  plan: Plan = terms.plan(log.user_id, moment),
): RatingInput {
  return {
    billable: log.billable,
    provider: log.stt_provider,
    durationSeconds: log.duration_seconds,
    channels: log.channels,
    speakerCount: log.speaker_count,
    confidenceScore: log.confidence_score,
    card: terms.card(log.currency, moment),
    includedMinutes: plan.included_minutes,
  };
}

/** A rated log as people see it, and its row. The view's fields stand in the order of docs/reference/http.md. */
export function toRow(
  log: LogDraft,
  place: LogPlace,
  input: RatingInput,
  rated: Rated,
  plan: string,
  after: string,
): { view: UsageLogView; row: UsageLogRow } {
  const view: UsageLogView = {
    id: log.id,
    session_id: log.session_id,
    user_id: log.user_id,
    client_id: log.client_id,
    attempt: log.attempt,
    retry_count: log.retry_count,
    transcription_type: log.transcription_type,
    billable: log.billable,
    billing_reason: log.billing_reason,
    parent_log_id: log.parent_log_id,
    stt_provider: log.stt_provider,
    duration_seconds: log.duration_seconds,
    billed_seconds: print(rated.billedSeconds),
    included_seconds: print(rated.includedSeconds),
    billable_minutes: toMinutes(rated.billedSeconds),
    cost: print(rated.cost),
    cost_cents: rated.costCents,
    currency: log.currency,
    usage_period: log.usage_period,
    billing_period: log.billing_period,
    late: log.late,
    plan,
    rate_card_id: input.card?.rate_card_id ?? null,
    started_at: log.started_at,
    completed_at: log.completed_at,
    processing_time_seconds: log.processing_time_seconds,
    language: log.language,
    enable_diarization: log.enable_diarization,
    original_filename: log.original_filename,
    file_size_bytes: log.file_size_bytes,
    channels: log.channels,
    speaker_count: log.speaker_count,
    confidence_score: log.confidence_score,
    word_count: log.word_count,
    character_count: log.character_count,
    provider_metadata: log.provider_metadata,
    position: log.position,
  };
  const row = {
    id: log.id,
    session_id: log.session_id,
    attempt: log.attempt,
    user_id: log.user_id,
    billing_period: log.billing_period,
    currency: log.currency,
    late_position: place.late_position,
    completed_at: place.completed_at,
    stt_provider: log.stt_provider,
    transcription_type: log.transcription_type,
    view: JSON.stringify(view),
    after,
  };
  return { view, row };
}

/** The descriptive fields of a log; absent ones are null. */
export function describedFields(described: Partial<FactData> & PersonalData) {
  return {
    client_id: described.client_id ?? null,
    processing_time_seconds: described.processing_time_seconds ?? null,
    language: described.language ?? null,
    enable_diarization: described.enable_diarization ?? null,
    original_filename: described.original_filename ?? null,
    file_size_bytes: described.file_size_bytes ?? null,
    speaker_count: described.speaker_count ?? null,
    confidence_score: described.confidence_score ?? null,
    word_count: described.word_count ?? null,
    character_count: described.character_count ?? null,
    provider_metadata: described.provider_metadata ?? null,
  };
}
