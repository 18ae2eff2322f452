import { Decimal, print, ZERO } from '../../../domain/money';
import type { Comparison, Reason } from './explain';
import type { JoinedRow } from './workspace';

/**
 * The reason for a difference in monthly sums. `late`: the ledger bills the usage later, because its month was closed.
 * `months_edge`: the ledger bills it in another month than the old table did, though no close was in the way.
 */
export type SumReason = Reason | 'months_edge' | 'late';

/**
 * What was charged and what is derived, added up for a month, a user or everything. Cents are hundredths of `currency`.
 */
export class Sum {
  rows = 0;
  seconds = ZERO;
  billed = ZERO;
  old = ZERO;
  derived = ZERO;
  /** How much each reason added to the ledger's side or took from it. They add up to `derived - old`. */
  readonly reasons = new Map<SumReason, Decimal>();

  constructor(readonly currency: string) {}

  because(reason: SumReason, cents: Decimal): void {
    if (cents.isZero()) return;
    this.reasons.set(reason, (this.reasons.get(reason) ?? ZERO).plus(cents));
  }

  get difference(): Decimal {
    return this.derived.minus(this.old);
  }

  /** The reasons as text, such as `rounding -3; price +12`. */
  get why(): string {
    return [...this.reasons]
      .filter(([, cents]) => !cents.isZero())
      .map(([reason, cents]) => `${reason} ${cents.isPositive() ? '+' : ''}${print(cents)}`)
      .join('; ');
  }
}

/** Sums by name and currency, in name order. */
export class Sums {
  private readonly sums = new Map<string, Sum>();

  of(name: string, currency: string): Sum {
    const key = `${name}\n${currency}`;
    let sum = this.sums.get(key);
    if (sum === undefined) this.sums.set(key, (sum = new Sum(currency)));
    return sum;
  }

  *sorted(): Generator<readonly [name: string, sum: Sum]> {
    for (const key of [...this.sums.keys()].sort())
      yield [key.split('\n')[0]!, this.sums.get(key)!];
  }

  clear(): void {
    this.sums.clear();
  }
}

/** Adds both sides of a row to a sum. */
export function addBoth(sum: Sum, row: JoinedRow, { old, derived, reason }: Comparison): void {
  addOld(sum, row, old);
  addDerived(sum, row, derived);
  sum.because(reason, derived.minus(old));
}

/** Adds a row to the months: both sides to one month, or each side to its own. */
export function addMonth(months: Sums, row: JoinedRow, comparison: Comparison): void {
  const { old, derived, currency, reason } = comparison;
  const before = months.of(row.month ?? '', currency);
  if (row.log_period === null || row.log_period === row.month)
    return addBoth(before, row, comparison);
  const after = months.of(row.log_period, currency);
  const edge = row.log_late === 1 ? 'late' : 'months_edge';
  addOld(before, row, old);
  before.because(reason, derived.minus(old));
  before.because(edge, derived.negated());
  addDerived(after, row, derived);
  after.because(edge, derived);
}

function addOld(sum: Sum, row: JoinedRow, old: Decimal): void {
  sum.rows += 1;
  sum.seconds = sum.seconds.plus(row.seconds ?? 0);
  sum.old = sum.old.plus(old);
}

function addDerived(sum: Sum, row: JoinedRow, derived: Decimal): void {
  sum.billed = sum.billed.plus(row.log_billed ?? 0);
  sum.derived = sum.derived.plus(derived);
}
