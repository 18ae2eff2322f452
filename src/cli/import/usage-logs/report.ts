import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { print } from '../../../domain/money';
import { printInstant } from '../../../domain/time';
import { csvLines, type Cell } from '../../../http/csv';
import { describeFileError } from '../../../lib/file-error';
import { writeWhole } from '../../whole-file';
import { compare, type Comparison } from './explain';
import { findOldPrice, type OldPrice } from './old-price';
import { addBoth, addMonth, Sums, type Sum } from './totals';
import { joined, type JoinedRow, type Workspace } from './workspace';

const BATCH = 500;
const ROW = `line,id,user_id,session_id,attempt,created_at,old_period,billing_period,late,stt_provider,duration_seconds,
billed_seconds,included_seconds,billing_reason,currency,old_currency,old_cents,cost,cost_cents,difference_cents,
reason,detail`;
const SUM = `currency,rows,duration_seconds,billed_seconds,old_cents,cost_cents,difference_cents,because`;

/** Compares the old table with the ledger, from a workspace that holds both. */
export class Report {
  readonly months = new Sums();
  readonly all = new Sums();
  /** How many rows have each reason. */
  readonly reasons = new Map<string, number>();
  private readonly prices = new Map<string, OldPrice | undefined>();

  constructor(private readonly workspace: Workspace) {
    for (const { row, comparison } of this.rows('line')) {
      const { reason } = comparison;
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
      addBoth(this.all, '', row, comparison);
      addMonth(this.months, row, comparison);
    }
  }

  /** Sentences that say how the old table priced the providers that it priced differently. */
  get oldPrices(): readonly string[] {
    return [...this.prices].flatMap(([key, price]) => {
      if (price === undefined) return [];
      const [provider, currency] = key.split('\n');
      return [
        `${provider}: about ${price.rate.toFixed(3)} cents of ${currency || 'its currency'} a minute, by the ${price.unit}`,
      ];
    });
  }

  /** Writes `rows.csv`, `users.csv`, `months.csv` and `refused.csv` into a folder, which it creates. */
  async write(folder: string): Promise<void> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new Error(describeFileError(error, folder), { cause: error });
    }
    await writeCsv(join(folder, 'rows.csv'), ROW, this.rowCells());
    await writeCsv(join(folder, 'users.csv'), `user_id,${SUM}`, this.userCells());
    await writeCsv(join(folder, 'months.csv'), `period,${SUM}`, sumCells(this.months));
    await writeCsv(join(folder, 'refused.csv'), 'line,id,user_id,code,detail', this.refusedCells());
  }

  private *rows(order: 'line' | 'user, line') {
    for (const row of joined(this.workspace, order)) {
      yield { row, comparison: compare(row, this.priceOf(row)) };
    }
  }

  private priceOf({ provider, currency, log_cents, cents, code }: JoinedRow): OldPrice | undefined {
    // Finding the price takes a scan, so it is done only if there is something to explain.
    if (provider === null || code !== null || cents === null) return undefined;
    if (Number(cents) === (log_cents ?? 0)) return undefined;
    const key = `${provider}\n${currency ?? ''}`;
    if (!this.prices.has(key)) {
      this.prices.set(key, findOldPrice(this.workspace, provider, currency));
    }
    return this.prices.get(key);
  }

  private *rowCells(): Generator<Cell[]> {
    for (const { row, comparison } of this.rows('line')) yield cellsOf(row, comparison);
  }

  /** Holds one user's sums in memory at a time. */
  private *userCells(): Generator<Cell[]> {
    const sums = new Sums();
    let user: string | null = null;
    for (const { row, comparison } of this.rows('user, line')) {
      if (row.user !== user) {
        yield* sumCells(sums);
        sums.clear();
        ({ user } = row);
      }
      addBoth(sums, user ?? '', row, comparison);
    }
    yield* sumCells(sums);
  }

  private *refusedCells(): Generator<Cell[]> {
    for (const { row } of this.rows('line')) {
      if (row.code !== null) yield [row.line, row.id, row.user, row.code, row.detail];
    }
  }
}

function cellsOf(row: JoinedRow, comparison: Comparison): Cell[] {
  const { old, oldCurrency, derived, currency, reason } = comparison;
  const imported = row.code === null;
  const comparable = oldCurrency === currency;
  return [
    row.line,
    row.id,
    row.user,
    row.session,
    row.attempt,
    row.at === null ? null : printInstant(row.at),
    row.month,
    row.log_period,
    row.log_late === null ? null : String(row.log_late === 1),
    row.provider,
    row.seconds,
    row.log_billed,
    row.log_included,
    row.log_reason,
    currency,
    row.cents === null ? null : oldCurrency,
    row.cents,
    row.log_cost,
    imported ? print(derived) : null,
    comparable ? print(derived.minus(old)) : null,
    reason,
    row.detail,
  ];
}

function* sumCells(sums: Sums): Generator<Cell[]> {
  for (const [name, sum] of sums.sorted()) yield [name, ...cellsOfSum(sum)];
}

function cellsOfSum(sum: Sum): Cell[] {
  const numbers = [sum.seconds, sum.billed, sum.old, sum.derived, sum.difference].map(print);
  return [sum.currency, sum.rows, ...numbers, sum.why];
}

async function writeCsv(path: string, header: string, rows: Iterable<Cell[]>): Promise<void> {
  const names = header.split(',').map((name) => name.trim());
  await writeWhole(path, (file) => pipeline(Readable.from(batched(names, rows)), file));
}

function* batched(names: readonly string[], rows: Iterable<Cell[]>): Generator<string> {
  yield csvLines([names]);
  let batch: Cell[][] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield csvLines(batch);
    batch = [];
  }
  if (batch.length > 0) yield csvLines(batch);
}
