import type { TranscriptionType } from '../domain/session/attempts';

export type { Counts, SummaryCounts } from '../domain/billing/summary';
export type { UsageLog as UsageLogView } from '../domain/billing/usage-log';

/** The status of an attempt. `pending` and `unrated`: it is completed but has no log yet. */
export const ATTEMPT_STATUSES = ['completed', 'failed', 'open', 'pending', 'unrated'] as const;

/** An attempt of a session as people see it. */
export interface AttemptView {
  readonly attempt: number;
  readonly status: (typeof ATTEMPT_STATUSES)[number];
  readonly transcription_type: string | null;
  readonly billable: boolean | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

/**
 * The stored part of a session's answer. When it is read, logs and amounts are added from the session's usage logs. The
 * cards in force at that time add what prices say about the next attempt.
 */
export interface SessionView {
  readonly session_id: string;
  /** `null` from a void to the next fact. */
  readonly user_id: string | null;
  readonly attempts: readonly AttemptView[];
  readonly next: {
    readonly attempt: number;
    readonly transcription_type: TranscriptionType | null;
    /** Whether an attempt of the session is open. */
    readonly waits: boolean;
    /** Whether an attempt completed with more than 0 seconds. */
    readonly succeeded: boolean;
  };
  /** The latest time of its facts, in milliseconds since 1970; `null` from a void to the next fact. */
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

/** Something that finance wrote, as people see it: one of the ledger's own events that a request led to. */
export interface WrittenView {
  readonly position: string;
  readonly recorded_at: string;
  readonly type: string;
  readonly stream: string;
  /** `null` if the event has none. */
  readonly author: string | null;
  readonly reason: string | null;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly period: string | null;
  readonly data: object;
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
