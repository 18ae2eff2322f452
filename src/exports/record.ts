import { USAGE_LOG_NAMES, type UsageLogField } from '../domain/billing/usage-log';
import type { AdjustmentView, UsageLogView } from '../read-model/views';
import type { ExportRow } from './rows';

const ADJUSTMENT_FIELDS = ['reason', 'reference', 'voids'] as const;

/** A row of CSV and NDJSON: every field of a log and of an adjustment. Fields that a record does not fill are `null`. */
export type ExportRecord = Readonly<
  Record<'record' | UsageLogField | (typeof ADJUSTMENT_FIELDS)[number], unknown>
>;

/** The names of a record's fields, in their order. */
export const RECORD_FIELDS: readonly (keyof ExportRecord)[] = [
  'record',
  ...USAGE_LOG_NAMES,
  ...ADJUSTMENT_FIELDS,
];

export function toRecord(row: ExportRow): ExportRecord {
  return row.record === 'usage_log' ? logRecord(row.log) : adjustmentRecord(row.adjustment);
}

function logRecord(log: UsageLogView): ExportRecord {
  const fields = USAGE_LOG_NAMES.map((name) => [name, log[name] ?? null]);
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
