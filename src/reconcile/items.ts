import { setImmediate as turn } from 'node:timers/promises';

import { Decimal, print } from '../domain/money';
import { printInstant } from '../domain/time';
import { Problem } from '../http/problem';
import type { Kind } from './asked';
import { NANO } from './nanoseconds';
import { WorkFile, type ItemRow } from './work-file';

const PAGE = 500;

/** A line, a log, or a matching pair, in the form of the API. */
export interface ItemView {
  readonly kind: Kind;
  readonly matched_by: string | null;
  readonly request_id: string | null;
  readonly session_id: string | null;
  readonly started_at: string | null;
  readonly duration_seconds: string | null;
  readonly cost: string | null;
  readonly currency: string | null;
  readonly usage_log_id: string | null;
  readonly attempt: number | null;
  readonly user_id: string | null;
  readonly completed_at: string | null;
  readonly ledger_seconds: string | null;
  readonly billed_cost: string | null;
  readonly billed_cost_cents: number | null;
  readonly billed_currency: string | null;
}

export const ITEM_COLUMNS = [
  'kind',
  'matched_by',
  'request_id',
  'session_id',
  'started_at',
  'duration_seconds',
  'cost',
  'currency',
  'usage_log_id',
  'attempt',
  'user_id',
  'completed_at',
  'ledger_seconds',
  'billed_cost',
  'billed_cost_cents',
  'billed_currency',
] as const satisfies readonly (keyof ItemView)[];

/** The outcome of each line and log of a finished reconciliation. */
export class ReconciliationItems {
  private file: WorkFile | undefined;
  private closed = false;

  constructor(private readonly path: string) {}

  /**
   * Returns a page after a cursor, and the cursor of its last item if there is more.
   * @throws Problem `not_found` after {@link close}.
   */
  page(
    kind: Kind | undefined,
    after: number,
    limit: number,
  ): { items: ItemView[]; next: number | undefined } {
    // A download that is still running must not open the file again: it may name a user who was erased.
    if (this.closed) throw new Problem('not_found', 'This reconciliation is gone. Make another.');
    this.file ??= WorkFile.open(this.path, { readonly: true });
    const rows = this.file.items(kind, after, limit + 1);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? shown.at(-1)!.n : undefined;
    return { items: shown.map(viewOf), next };
  }

  async *all(kind: Kind | undefined): AsyncGenerator<ItemView> {
    for (let after: number | undefined = 0; after !== undefined;) {
      const { items, next } = this.page(kind, after, PAGE);
      yield* items;
      after = next;
      await turn();
    }
  }

  close(): void {
    this.closed = true;
    this.file?.close();
    this.file = undefined;
  }
}

function viewOf(row: ItemRow): ItemView {
  return {
    kind: row.kind,
    matched_by: row.matched_by,
    request_id: row.request_id,
    session_id: row.session_id,
    started_at: instant(row.started_at),
    duration_seconds: seconds(row.vendor_ns),
    cost: row.vendor_cost,
    currency: row.vendor_currency,
    usage_log_id: row.log_id,
    attempt: row.attempt,
    user_id: row.user_id,
    completed_at: instant(row.completed_at),
    ledger_seconds: seconds(row.ledger_ns),
    billed_cost: row.cost,
    billed_cost_cents: row.cost_cents,
    billed_currency: row.currency,
  };
}

function seconds(ns: number | null): string | null {
  return ns === null ? null : print(new Decimal(ns).div(NANO));
}

function instant(at: number | null): string | null {
  return at === null ? null : printInstant(at);
}
