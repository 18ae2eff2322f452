import { Decimal, toMinutes } from '../domain/money';
import type { StatementRow, WaitingRow } from '../read-model/rows';
import type {
  AdjustmentView,
  Counts,
  SummaryCounts,
  UsageLogView,
  WaitingView,
} from '../read-model/views';

/** The fields of a line that states a usage log (docs/reference/bundle.md), in order. */

const LOG_FIELDS = [
  'id',
  'session_id',
  'user_id',
  'client_id',
  'attempt',
  'retry_count',
  'transcription_type',
  'billable',
  'billing_reason',
  'stt_provider',
  'duration_seconds',
  'billed_seconds',
  'included_seconds',
  'billable_minutes',
  'cost',
  'cost_cents',
  'currency',
  'usage_period',
  'billing_period',
  'late',
  'plan',
  'rate_card_id',
  'started_at',
  'completed_at',
  'language',
  'speaker_count',
  'confidence_score',
  'channels',
] as const satisfies readonly (keyof UsageLogView)[];

/** Leaves out personal fields, and positions in the store, which are not part of a bill. */
export function statedLog(log: UsageLogView): string {
  return lineOf('usage_log', Object.fromEntries(LOG_FIELDS.map((name) => [name, log[name]])));
}

export function statedAdjustment(view: AdjustmentView): string {
  const { id, user_id, billing_period, currency, amount_cents } = view;
  return lineOf('adjustment', { id, user_id, billing_period, currency, amount_cents });
}

export function statedWaiting({ view }: WaitingRow, usage_period: string): string {
  const { session_id, attempt, user_id, status } = JSON.parse(view) as WaitingView;
  return lineOf('waiting', { session_id, attempt, user_id, status, usage_period });
}

/** Returns a line for each currency. */
export function statedSummaries({ user_id, period, summaries }: StatementRow): string[] {
  const counts = Object.entries(JSON.parse(summaries) as Record<string, SummaryCounts>).sort(
    ([one], [other]) => (one < other ? -1 : 1),
  );
  return counts.map(([currency, one]) =>
    lineOf('summary', {
      user_id,
      period,
      currency,
      sessions: one.sessions,
      transcriptions: one.transcriptions,
      failed_attempts: one.failed_attempts,
      free_retries: one.free_retries,
      retranscriptions: one.retranscriptions,
      total_seconds: one.total_seconds,
      billed_seconds: one.billed_seconds,
      included_seconds: one.included_seconds,
      billable_minutes: minutesOf(one.billed_seconds),
      cost: one.cost,
      usage_cost_cents: one.usage_cost_cents,
      adjustments_cents: one.adjustments_cents,
      cost_cents: one.usage_cost_cents + one.adjustments_cents,
      by_provider: partsOf(one.by_provider, 'stt_provider'),
      by_transcription_type: partsOf(one.by_transcription_type, 'transcription_type'),
    }),
  );
}

export function lineOf(line: string, fields: object): string {
  return JSON.stringify({ line, ...fields });
}

/** Sorted by name, so that equal bundles have equal texts. */
function partsOf(groups: Readonly<Record<string, Counts>>, name: string): object[] {
  return Object.keys(groups)
    .sort()
    .map((value) => {
      const { transcriptions, billed_seconds, cost, cost_cents } = groups[value]!;
      const billable_minutes = minutesOf(billed_seconds);
      return { [name]: value, transcriptions, billed_seconds, billable_minutes, cost, cost_cents };
    });
}

const minutesOf = (seconds: string): string => toMinutes(new Decimal(seconds));
