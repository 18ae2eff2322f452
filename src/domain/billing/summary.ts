/** Sums of some usage. Seconds and costs are exact decimal strings. */
export interface Counts {
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly cost: string;
  readonly cost_cents: number;
}

/** Sums of a user's statement, for one period and currency. */
export interface SummaryCounts extends Omit<Counts, 'cost_cents'> {
  /** The cost of usage alone, without adjustments. */
  readonly usage_cost_cents: number;
  readonly sessions: number;
  readonly failed_attempts: number;
  readonly free_retries: number;
  readonly retranscriptions: number;
  /** The number of adjustments, and their sum. */
  readonly adjustments: number;
  readonly adjustments_cents: number;
  readonly total_seconds: string;
  readonly included_seconds: string;
  readonly by_provider: Readonly<Record<string, Counts>>;
  readonly by_transcription_type: Readonly<Record<string, Counts>>;
}

/** Summaries by currency. */
export type Summaries = Readonly<Record<string, SummaryCounts>>;
