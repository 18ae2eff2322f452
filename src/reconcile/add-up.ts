import { Decimal, print, ZERO } from '../domain/money';
import { Problem } from '../http/problem';
import { MATCHED_BY, type Kind, type MatchedBy } from './asked';
import { NANO } from './nanoseconds';
import type { ItemRow, WorkFile } from './work-file';

const PAGE = 2_000;
/** The most days that have totals of their own. They are in memory, and in each answer. */
const MOST_DAYS = 4_000;

/** An amount of money: a decimal string, in units of the currency. */
export interface Amount {
  readonly currency: string;
  readonly cost: string;
}

/**
 * The totals of one kind. `cost` is the vendor's, or for `only_ledger` what was billed; `null` if there is no currency
 * or more than one.
 */
export interface KindTotal {
  readonly count: number;
  readonly seconds: string;
  readonly cost: string | null;
}

/** The totals of one day, or of items without a day. */
export interface DayTotal {
  readonly day: string | null;
  readonly vendor_count: number;
  readonly ledger_count: number;
  readonly vendor_seconds: string;
  readonly ledger_seconds: string;
  readonly vendor_cost: readonly Amount[];
  readonly billed_cost: readonly Amount[];
  readonly margin: readonly Amount[];
}

/** The result of a reconciliation. */
export interface ReconciliationResult extends Readonly<Record<Kind, KindTotal>> {
  readonly matched_by: Readonly<Record<MatchedBy, number>>;
  readonly vendor_lines: number;
  readonly ledger_logs: number;
  readonly vendor_seconds: string;
  readonly ledger_seconds: string;
  readonly vendor_cost: readonly Amount[];
  readonly billed_cost: readonly Amount[];
  readonly margin: readonly Amount[];
  readonly by_day: readonly DayTotal[];
}

/** Adds up amounts exactly. */
class Sum {
  count = 0;
  private whole = 0;
  private nano = 0;
  readonly money = new Map<string, Decimal>();

  add(ns: number | null, cost: string | null, currency: string | null): void {
    this.count += 1;
    const part = ns ?? 0;
    this.whole += Math.floor(part / NANO);
    this.nano += part % NANO;
    if (this.nano >= NANO) {
      this.whole += 1;
      this.nano -= NANO;
    }
    if (cost === null || currency === null) return;
    this.money.set(currency, (this.money.get(currency) ?? ZERO).plus(cost));
  }

  get seconds(): string {
    return print(new Decimal(this.whole).plus(new Decimal(this.nano).div(NANO)));
  }

  get amounts(): Amount[] {
    return [...this.money]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, cost]) => ({ currency, cost: print(cost) }));
  }

  get total(): KindTotal {
    const [only, ...others] = this.amounts;
    const cost = only === undefined || others.length > 0 ? null : only.cost;
    return { count: this.count, seconds: this.seconds, cost };
  }
}

class Pair {
  readonly vendor = new Sum();
  readonly ledger = new Sum();

  /** Adds an item to the sides that have it. A repeated line has no log of its own, so each log counts once. */
  add(item: ItemRow): void {
    if (item.kind !== 'only_ledger') {
      this.vendor.add(item.vendor_ns, item.vendor_cost, item.vendor_currency);
    }
    if (item.log_id !== null) this.ledger.add(item.ledger_ns, item.cost, item.currency);
  }

  /** What was billed minus the vendor's cost, by currency. */
  get margin(): Amount[] {
    const left = new Map(this.ledger.money);
    for (const [currency, cost] of this.vendor.money) {
      left.set(currency, (left.get(currency) ?? ZERO).minus(cost));
    }
    return [...left]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, cost]) => ({ currency, cost: print(cost) }));
  }

  get sides() {
    return {
      vendor_seconds: this.vendor.seconds,
      ledger_seconds: this.ledger.seconds,
      vendor_cost: this.vendor.amounts,
      billed_cost: this.ledger.amounts,
      margin: this.margin,
    };
  }
}

function tooManyDays(): Problem {
  const detail = `The lines are from more than ${MOST_DAYS} different days. A list must cover one month: check started_at.`;
  return new Problem('invalid_body', detail, { pointer: '/lines' });
}

/** Adds up the outcomes of all lines and logs. @throws Problem if they are from too many days. */
export function addUp(file: WorkFile): ReconciliationResult {
  const kinds: Record<Kind, Sum> = {
    matched: new Sum(),
    only_vendor: new Sum(),
    only_ledger: new Sum(),
    duration_differs: new Sum(),
    repeated: new Sum(),
  };
  const by = Object.fromEntries(MATCHED_BY.map((name) => [name, 0])) as Record<MatchedBy, number>;
  const all = new Pair();
  const days = new Map<string, Pair>();
  for (let after = 0; ;) {
    const page = file.items(undefined, after, PAGE);
    for (const item of page) {
      all.add(item);
      const day = item.day ?? '';
      if (!days.has(day)) days.set(day, new Pair());
      if (days.size > MOST_DAYS) throw tooManyDays();
      days.get(day)!.add(item);
      if (item.matched_by !== null) by[item.matched_by] += 1;
      if (item.kind === 'only_ledger') {
        kinds.only_ledger.add(item.ledger_ns, item.cost, item.currency);
      } else kinds[item.kind].add(item.vendor_ns, item.vendor_cost, item.vendor_currency);
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.n;
  }
  return {
    matched: kinds.matched.total,
    only_vendor: kinds.only_vendor.total,
    only_ledger: kinds.only_ledger.total,
    duration_differs: kinds.duration_differs.total,
    repeated: kinds.repeated.total,
    matched_by: by,
    vendor_lines: all.vendor.count,
    ledger_logs: all.ledger.count,
    ...all.sides,
    by_day: [...days]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, pair]) => ({
        day: day === '' ? null : day,
        vendor_count: pair.vendor.count,
        ledger_count: pair.ledger.count,
        ...pair.sides,
      })),
  };
}
