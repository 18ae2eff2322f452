import type { AdjustmentView, UsageLogView } from '../read-model/views';
import type { ExportRow } from './rows';

type LogField = keyof UsageLogView;

/** All fields of a usage log, in the order of the API (docs/reference/http.md). A missing one is a compile error. */
const LOG_FIELDS: Readonly<Record<LogField, true>> = {
  id: true,
  session_id: true,
  user_id: true,
  client_id: true,
  attempt: true,
  retry_count: true,
  transcription_type: true,
  billable: true,
  billing_reason: true,
  parent_log_id: true,
  stt_provider: true,
  duration_seconds: true,
  billed_seconds: true,
  included_seconds: true,
  billable_minutes: true,
  cost: true,
  cost_cents: true,
  currency: true,
  usage_period: true,
  billing_period: true,
  late: true,
  plan: true,
  rate_card_id: true,
  started_at: true,
  completed_at: true,
  processing_time_seconds: true,
  language: true,
  enable_diarization: true,
  original_filename: true,
  file_size_bytes: true,
  channels: true,
  speaker_count: true,
  confidence_score: true,
  word_count: true,
  character_count: true,
  provider_metadata: true,
  position: true,
  erased: true,
};

const ADJUSTMENT_FIELDS = ['reason', 'reference', 'voids'] as const;

/** A row of CSV and NDJSON: every field of a log and of an adjustment. Fields that a record does not fill are `null`. */
export type ExportRecord = Readonly<
  Record<'record' | LogField | (typeof ADJUSTMENT_FIELDS)[number], unknown>
>;

const NAMES = Object.keys(LOG_FIELDS) as LogField[];

/** The names of a record's fields, in order. */
export const RECORD_FIELDS: readonly (keyof ExportRecord)[] = [
  'record',
  ...NAMES,
  ...ADJUSTMENT_FIELDS,
];

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
