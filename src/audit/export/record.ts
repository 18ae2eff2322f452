import type { AdjustmentView, UsageLogView } from '../../read-model/views';
import type { ExportRow } from './rows';

type LogField = keyof UsageLogView;

/** The fields of a usage log in the order of http.md, and whether each is a number or a decimal. */
const LOG_FIELDS: Readonly<Record<LogField, 'number' | 'other'>> = {
  id: 'other',
  session_id: 'other',
  user_id: 'other',
  client_id: 'other',
  attempt: 'number',
  retry_count: 'number',
  transcription_type: 'other',
  billable: 'other',
  billing_reason: 'other',
  parent_log_id: 'other',
  stt_provider: 'other',
  duration_seconds: 'number',
  billed_seconds: 'number',
  included_seconds: 'number',
  billable_minutes: 'number',
  cost: 'number',
  cost_cents: 'number',
  currency: 'other',
  usage_period: 'other',
  billing_period: 'other',
  late: 'other',
  plan: 'other',
  rate_card_id: 'other',
  started_at: 'other',
  completed_at: 'other',
  processing_time_seconds: 'number',
  language: 'other',
  enable_diarization: 'other',
  original_filename: 'other',
  file_size_bytes: 'number',
  channels: 'number',
  speaker_count: 'number',
  confidence_score: 'number',
  word_count: 'number',
  character_count: 'number',
  provider_metadata: 'other',
  position: 'number',
};

const ADJUSTMENT_FIELDS = ['reason', 'reference', 'voids'] as const;

/** A row as CSV and NDJSON have it: every field of a log and of an adjustment; what a record does not fill is `null`. */
export type ExportRecord = Readonly<
  Record<'record' | LogField | (typeof ADJUSTMENT_FIELDS)[number], unknown>
>;

const NAMES = Object.keys(LOG_FIELDS) as LogField[];

/** The names of a record's fields, in their order. */
export const RECORD_FIELDS: readonly (keyof ExportRecord)[] = [
  'record',
  ...NAMES,
  ...ADJUSTMENT_FIELDS,
];

/** Those that are numbers or decimals. */
export const NUMBERS: ReadonlySet<string> = new Set(
  NAMES.filter((name) => LOG_FIELDS[name] === 'number'),
);

export function toRecord(row: ExportRow): ExportRecord {
  return row.record === 'usage_log' ? logRecord(row.log) : adjustmentRecord(row.adjustment);
}

function logRecord(log: UsageLogView): ExportRecord {
  const fields = NAMES.map((name) => [name, log[name] ?? null]);
  return Object.fromEntries([
    ['record', 'usage_log'],
    ...fields,
    ...ADJUSTMENT_FIELDS.map((name) => [name, null]),
  ]) as ExportRecord;
}

function adjustmentRecord(adjustment: AdjustmentView): ExportRecord {
  const { id, user_id, billing_period, amount_cents, currency } = adjustment;
  const { reason, reference, voids } = adjustment;
  const empty = Object.fromEntries(RECORD_FIELDS.map((name) => [name, null])) as ExportRecord;
  const filled = { id, user_id, billing_period, cost_cents: amount_cents, currency };
  return { ...empty, record: 'adjustment', ...filled, reason, reference, voids };
}
