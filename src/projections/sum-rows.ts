import type { Cell } from '../domain/billing/cells';
import { printPico } from '../domain/pico';
import type { PeriodSumsRow, StatementKey, UsageDayRow } from '../read-model/rows';

/** The differences of sums, as they are gathered. */
interface Sums {
  users: number;
  transcriptions: number;
  billed: bigint;
  cost: bigint;
  cents: number;
  adjustments: number;
}

type PeriodKey = Pick<PeriodSumsRow, 'period' | 'kind' | 'name' | 'currency'>;
type DayKey = Pick<UsageDayRow, 'user_id' | 'day' | 'currency' | 'billing_period'>;

/**
 * Gathers the differences of a period's sums over all users, and of users' days: one row for each key, however many
 * logs changed.
 */
export class SumRows {
  private readonly byDay = new Map<string, { readonly key: DayKey; readonly sums: Sums }>();
  private readonly byPeriod = new Map<string, { readonly key: PeriodKey; readonly sums: Sums }>();

  /** Adds a difference that a change of a statement's logs makes. */
  add({ user_id, period }: StatementKey, cell: Cell): void {
    const { currency, stt_provider, plan, day } = cell.key;
    addTo(this.day({ user_id, day, currency, billing_period: period }), cell);
    addTo(this.total(period, currency), cell);
    addTo(this.period({ period, kind: 'plan', name: plan, currency }), cell);
    addTo(this.period({ period, kind: 'provider', name: stt_provider, currency }), cell);
    addTo(this.period({ period, kind: 'day', name: day, currency }), cell);
  }

  adjust(period: string, currency: string, cents: number): void {
    this.total(period, currency).adjustments += cents;
  }

  /** Counts a user in the currencies that their statement has now, and no longer in those that it had only before. */
  countUsers(period: string, before: readonly string[], now: readonly string[]): void {
    for (const currency of now) {
      if (!before.includes(currency)) this.total(period, currency).users += 1;
    }
    for (const currency of before) {
      if (!now.includes(currency)) this.total(period, currency).users -= 1;
    }
  }

  *days(): Generator<UsageDayRow> {
    for (const { key, sums } of this.byDay.values()) {
      if (isNothing(sums)) continue;
      const { transcriptions, billed, cost, cents } = sums;
      yield {
        ...key,
        transcriptions,
        billed_seconds: printPico(billed),
        cost: printPico(cost),
        cost_cents: cents,
      };
    }
  }

  *periods(): Generator<PeriodSumsRow> {
    for (const { key, sums } of this.byPeriod.values()) {
      if (isNothing(sums)) continue;
      yield {
        ...key,
        users: sums.users,
        transcriptions: sums.transcriptions,
        billed_seconds: printPico(sums.billed),
        cost: printPico(sums.cost),
        cost_cents: sums.cents,
        adjustments_cents: sums.adjustments,
      };
    }
  }

  private total(period: string, currency: string): Sums {
    return this.period({ period, kind: 'total', name: '', currency });
  }

  private day(key: DayKey): Sums {
    const text = `${key.user_id} ${key.day} ${key.currency} ${key.billing_period}`;
    let one = this.byDay.get(text);
    if (one === undefined) this.byDay.set(text, (one = { key, sums: nothing() }));
    return one.sums;
  }

  private period(key: PeriodKey): Sums {
    const text = `${key.period} ${key.kind} ${key.name} ${key.currency}`;
    let one = this.byPeriod.get(text);
    if (one === undefined) this.byPeriod.set(text, (one = { key, sums: nothing() }));
    return one.sums;
  }
}

function nothing(): Sums {
  return { users: 0, transcriptions: 0, billed: 0n, cost: 0n, cents: 0, adjustments: 0 };
}

function isNothing(sums: Sums): boolean {
  return (
    sums.users === 0 &&
    sums.transcriptions === 0 &&
    sums.billed === 0n &&
    sums.cost === 0n &&
    sums.cents === 0 &&
    sums.adjustments === 0
  );
}

function addTo(sums: Sums, cell: Cell): void {
  sums.transcriptions += cell.transcriptions;
  sums.billed += cell.billed;
  sums.cost += cell.cost;
  sums.cents += cell.cents;
}
