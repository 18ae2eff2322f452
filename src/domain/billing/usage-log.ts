import type { JsonObject } from '../events/facts';
import { minutesOf, printPico, type Pico } from '../pico';
import type { BillingReason } from '../rating/classify';
import type { SealedText, TranscriptionType } from '../session/attempts';
import type { RatedCharge } from './charge';
import type { LogPlace } from './place';

/**
 * A usage log as readers see it, with its fields in the order of docs/reference/http.md. Seconds, minutes and costs are
 * decimal strings, instants are RFC 3339 in UTC, and periods are `YYYY-MM`.
 */
export interface UsageLog {
  readonly id: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly client_id: string | null;
  readonly attempt: number;
  readonly retry_count: number;
  readonly transcription_type: TranscriptionType;
  readonly billable: boolean;
  readonly billing_reason: BillingReason;
  readonly parent_log_id: string | null;
  readonly stt_provider: string;
  readonly duration_seconds: string;
  readonly billed_seconds: string;
  readonly included_seconds: string;
  readonly billable_minutes: string;
  readonly cost: string;
  readonly cost_cents: number;
  readonly currency: string;
  readonly usage_period: string;
  readonly billing_period: string;
  readonly late: boolean;
  readonly plan: string;
  readonly rate_card_id: string | null;
  readonly started_at: string | null;
  readonly completed_at: string;
  readonly processing_time_seconds: string | null;
  readonly language: string | null;
  readonly enable_diarization: boolean | null;
  readonly original_filename: string | null;
  readonly file_size_bytes: number | null;
  readonly channels: number;
  readonly speaker_count: number | null;
  readonly confidence_score: number | null;
  readonly word_count: number | null;
  readonly character_count: number | null;
  readonly provider_metadata: JsonObject | null;
  readonly position: string;
  readonly erased: boolean;
}

/** The fields that depend on a log's rank in its statement. */
type PlacedField = 'included_seconds' | 'cost' | 'cost_cents';

/** The fields of a log that do not depend on its neighbours: who, when, how long, its description, and its terms. */
export type LogFacts = Omit<UsageLog, PlacedField | 'billable_minutes'> & SealedValues;

/** The texts that hold a log's sealed personal values; `null` for a value that is not sealed. */
interface SealedValues {
  readonly filename_in: SealedText | null;
  readonly metadata_in: SealedText | null;
}

/**
 * Returns a log with the result of its rating. `billable_minutes` are its billed seconds as minutes. Fields are set one
 * by one, in the order of {@link UsageLog}: V8 then gives all logs one hidden class, and creates them ten times as
 * fast.
 */
export function usageLog(facts: LogFacts, billed: Pico, rated: RatedCharge): UsageLog {
  return {
    id: facts.id,
    session_id: facts.session_id,
    user_id: facts.user_id,
    client_id: facts.client_id,
    attempt: facts.attempt,
    retry_count: facts.retry_count,
    transcription_type: facts.transcription_type,
    billable: facts.billable,
    billing_reason: facts.billing_reason,
    parent_log_id: facts.parent_log_id,
    stt_provider: facts.stt_provider,
    duration_seconds: facts.duration_seconds,
    billed_seconds: facts.billed_seconds,
    included_seconds: printPico(rated.included),
    billable_minutes: minutesOf(billed),
    cost: printPico(rated.cost),
    cost_cents: rated.cents,
    currency: facts.currency,
    usage_period: facts.usage_period,
    billing_period: facts.billing_period,
    late: facts.late,
    plan: facts.plan,
    rate_card_id: facts.rate_card_id,
    started_at: facts.started_at,
    completed_at: facts.completed_at,
    processing_time_seconds: facts.processing_time_seconds,
    language: facts.language,
    enable_diarization: facts.enable_diarization,
    original_filename: facts.original_filename,
    file_size_bytes: facts.file_size_bytes,
    channels: facts.channels,
    speaker_count: facts.speaker_count,
    confidence_score: facts.confidence_score,
    word_count: facts.word_count,
    character_count: facts.character_count,
    provider_metadata: facts.provider_metadata,
    position: facts.position,
    erased: facts.erased,
  };
}

/** The statement that a log belongs to. */
export function statementOf(log: Pick<LogFacts, 'user_id' | 'billing_period'>): {
  readonly user_id: string;
  readonly period: string;
} {
  return { user_id: log.user_id, period: log.billing_period };
}

/** Returns the rank of a log in its statement. */
export function placeOf(
  log: Pick<LogFacts, 'late' | 'position' | 'completed_at' | 'session_id' | 'attempt'>,
): LogPlace {
  return {
    late_position: log.late ? Number(log.position) : 0,
    completed_at: Date.parse(log.completed_at),
    session_id: log.session_id,
    attempt: log.attempt,
  };
}
