import type { Terms } from '../domain/account/terms';
import type { LogPlace } from '../domain/billing/place';
import { PeriodLogStream } from '../read-model/period-log-stream';
import { BEFORE_ALL, type ReadModelSnapshot } from '../read-model/queries';
import { RatedLogs } from '../read-model/rated-logs';
import type { AdjustmentView, UsageLogView } from '../read-model/views';

/** How many rows are read, written and held at once. */
const PAGE = 500;

/** The source of an export: one snapshot, which later events do not change. */
export interface ExportSource {
  readonly snapshot: ReadModelSnapshot;
  /** The billing period, `YYYY-MM`. */
  readonly period: string;
  /** Cards, the zone and closes, but no user's plan or currency. */
  readonly terms: Terms;
  /** The ledger position of the snapshot. */
  readonly position: number;
  /** The sender of the bill: `INVOICE_ISSUER_NAME`. */
  readonly issuer: string;
  /**
   * Returns when the event at a position was recorded, in milliseconds since 1970. A later position never has an
   * earlier time.
   */
  recordedAt(position: number): Promise<number>;
}

/** A row of an export: something that counts in the period. */
export type ExportRow =
  | { readonly record: 'usage_log'; readonly log: UsageLogView }
  | { readonly record: 'adjustment'; readonly adjustment: AdjustmentView };

/**
 * Returns every log and adjustment that counts in the period, page by page. First the logs in statement order over all
 * users (by `completed_at`, session and attempt, late ones after all others), then the adjustments in ledger order.
 */
export async function* exportPages(source: ExportSource): AsyncGenerator<readonly ExportRow[]> {
  for await (const logs of logPages(source, BEFORE_ALL)) {
    yield logs.map((log) => ({ record: 'usage_log', log }));
  }
  for await (const adjustments of adjustmentPages(source)) {
    yield adjustments.map((adjustment) => ({ record: 'adjustment', adjustment }));
  }
}

/** Returns the logs of the period after a rank. */
export async function* logPages(
  { snapshot, period, terms }: ExportSource,
  from: LogPlace,
): AsyncGenerator<readonly UsageLogView[]> {
  const stream = new PeriodLogStream(new RatedLogs(snapshot, terms), from);
  for (let after = from; ;) {
    const page = await snapshot.periodLogs(period, after, PAGE);
    if (page.length === 0) return;
    yield await stream.next(page);
    after = page.at(-1)!;
  }
}

/** Returns the adjustments that count in the period. */
export async function* adjustmentPages({
  snapshot,
  period,
}: ExportSource): AsyncGenerator<readonly AdjustmentView[]> {
  for (let after = 0; ;) {
    const page = await snapshot.periodAdjustments(period, after, PAGE);
    if (page.length > 0) yield page.map((row) => JSON.parse(row.view) as AdjustmentView);
    if (page.length < PAGE) return;
    after = page.at(-1)!.position;
  }
}
