import { Decimal, ZERO } from '../../../domain/money';
import type { OldPrice } from './old-price';
import type { JoinedRow } from './workspace';

/** Why the ledger derives something other than the old table charged (docs/how-to/move-over-from-a-usage-table.md). */
export type Reason =
  | 'same'
  | 'not_imported'
  | 'no_old_charge'
  | 'currency'
  | 'failure_billed'
  | 'retry_billed'
  | 'zero_duration'
  | 'not_billed_before'
  | 'waiting'
  | 'allowance'
  | 'rounding'
  | 'minute_truncated'
  | 'price'
  | 'unexplained';

/** What the old table charged, what the ledger derives, and why they differ. */
export interface Comparison {
  /** Hundredths of `oldCurrency`. */
  readonly old: Decimal;
  readonly oldCurrency: string;
  /** Hundredths of `currency`. */
  readonly derived: Decimal;
  readonly currency: string;
  readonly reason: Reason;
}

const HUNDRED = 100;

/** @param price how the old table priced the row's provider, if it could be found. */
export function compare(row: JoinedRow, price: OldPrice | undefined): Comparison {
  const old = row.cents === null ? ZERO : new Decimal(row.cents);
  const derived = new Decimal(row.log_cents ?? 0);
  const currency = row.log_currency ?? row.currency ?? '';
  const oldCurrency = row.cents === null ? currency : (row.currency ?? currency);
  return { old, oldCurrency, derived, currency, reason: reasonOf(row, old, derived, price) };
}

function reasonOf(
  row: JoinedRow,
  old: Decimal,
  derived: Decimal,
  price: OldPrice | undefined,
): Reason {
  if (row.code !== null) return 'not_imported';
  if (row.cents === null) return 'no_old_charge';
  if (row.failed === 1) return old.isZero() ? 'same' : 'failure_billed';
  if (row.log === null) return row.waits === null ? 'unexplained' : 'waiting';
  if (row.currency !== null && row.currency !== row.log_currency) return 'currency';
  if (old.eq(derived)) return 'same';
  if (row.log_billable === 0)
    return row.log_reason === 'zero_duration' ? 'zero_duration' : 'retry_billed';
  if (row.billable === 0) return 'not_billed_before';
  if (row.log_included !== '0' && old.gt(derived)) return 'allowance';
  return ofAmount(row, old, price);
}

/** Returns why the two charges for the same seconds differ. */
function ofAmount(row: JoinedRow, old: Decimal, price: OldPrice | undefined): Reason {
  const exact = new Decimal(row.log_cost!).times(HUNDRED);
  if (old.minus(exact).abs().lt(1)) return 'rounding';
  const seconds = Number(row.seconds);
  const billed = Number(row.log_billed) / 60;
  if (billed > 0 && row.log_included === '0') {
    const rate = exact.toNumber() / billed;
    const truncated = Math.floor(seconds / 60) * rate;
    if (truncated < exact.toNumber() && Math.abs(old.toNumber() - truncated) < 1)
      return 'minute_truncated';
  }
  return price?.gives(seconds, old.toNumber()) === true ? 'price' : 'unexplained';
}
