import type { JsonObject } from '../domain/events/facts';

/** A usage log as people see it (docs/reference/http.md#get-v1usersuser_idusage-logs). */
export interface UsageLogView {
  readonly id: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly client_id: string | null;
  readonly attempt: number;
  readonly retry_count: number;
  readonly transcription_type: string;
  readonly billable: boolean;
  readonly billing_reason: string;
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
}

/** An attempt of a session as people see it. */
export interface AttemptView {
  readonly attempt: number;
  readonly status: 'completed' | 'failed' | 'open' | 'pending' | 'unrated';
  readonly transcription_type: string | null;
  readonly billable: boolean | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

/**
 * The stored part of a session's answer: its logs and money are added from its usage logs, and what prices say of
 * the next attempt from the cards of the day.
 */
export interface SessionView {
  readonly session_id: string;
  /** `null` from a void to the next fact. */
  readonly user_id: string | null;
  readonly attempts: readonly AttemptView[];
  readonly next: {
    readonly attempt: number;
    readonly transcription_type: string | null;
    /** Whether an attempt of the session is open. */
    readonly waits: boolean;
    /** Whether an attempt completed with more than 0 seconds. */
    readonly succeeded: boolean;
  };
  /** When the last thing happened of which a fact tells, in milliseconds since 1970; `null` after a void. */
  readonly last_time: number | null;
}

/** An adjustment as people see it. */
export interface AdjustmentView {
  readonly id: string;
  readonly user_id: string;
  readonly period: string;
  readonly billing_period: string;
  readonly amount_cents: number;
  readonly currency: string;
  readonly reason: string;
  readonly author: string;
  readonly reference: string | null;
  readonly voids: string | null;
  readonly recorded_at: string;
  readonly position: string;
}

/** A waiting attempt; `age_seconds` is added when it is read. */
export interface WaitingView {
  readonly status: 'pending' | 'unrated';
  readonly user_id: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly stt_provider: string;
  readonly duration_seconds: string;
  readonly completed_at: string;
  readonly value_at_risk: string | null;
  readonly currency: string;
  readonly position: string;
}

export interface Counts {
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly cost: string;
  readonly cost_cents: number;
}

/** What is added up of a user's statement of one period and currency. Seconds and costs are exact decimal strings. */
export interface SummaryCounts extends Counts {
  readonly sessions: number;
  readonly failed_attempts: number;
  readonly free_retries: number;
  readonly retranscriptions: number;
  /** How many there are, and their sum. */
  readonly adjustments: number;
  readonly adjustments_cents: number;
  readonly total_seconds: string;
  readonly included_seconds: string;
  readonly by_provider: Readonly<Record<string, Counts>>;
  readonly by_transcription_type: Readonly<Record<string, Counts>>;
}
