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

/** Adds both sides of a row to the sums of a name, each side in its own currency. */
export function addBoth(sums: Sums, name: string, row: JoinedRow, comparison: Comparison): void {
  const before = sums.of(name, comparison.oldCurrency);
  const after = sums.of(name, comparison.currency);
  addSides(before, after, row, comparison);
  if (before === after) before.because(comparison.reason, differenceOf(comparison));
  else addApart(before, after, comparison);
}

/** Adds a row to the months: both sides to one month, or each side to its own. */
export function addMonth(months: Sums, row: JoinedRow, comparison: Comparison): void {
  const { derived, oldCurrency, currency, reason } = comparison;
  if (row.log_period === null || row.log_period === row.month)
    return addBoth(months, row.month ?? '', row, comparison);
  const before = months.of(row.month ?? '', oldCurrency);
  const after = months.of(row.log_period, currency);
  addSides(before, after, row, comparison);
  if (oldCurrency !== currency) return addApart(before, after, comparison);
  const edge = row.log_late === 1 ? 'late' : 'months_edge';
  before.because(reason, differenceOf(comparison));
  before.because(edge, derived.negated());
  after.because(edge, derived);
}

function addSides(before: Sum, after: Sum, row: JoinedRow, { old, derived }: Comparison): void {
  before.rows += 1;
  before.seconds = before.seconds.plus(row.seconds ?? 0);
  before.old = before.old.plus(old);
  after.billed = after.billed.plus(row.log_billed ?? 0);
  after.derived = after.derived.plus(derived);
}

/** Gives the reason for the whole of each side, because amounts in two currencies have no difference. */
function addApart(before: Sum, after: Sum, { old, derived, reason }: Comparison): void {
  before.because(reason, old.negated());
  after.because(reason, derived);
}

function differenceOf({ old, derived }: Comparison): Decimal {
  return derived.minus(old);
}
