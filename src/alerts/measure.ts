import type { Terms } from '../domain/account/terms';
import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import type { PeriodTotals } from '../domain/ledger';
import type { Plan } from '../domain/plan/plan';
import type { StatementRow } from '../read-model/rows';
import type { SummaryCounts } from '../read-model/views';
import type { Happening } from '../webhooks/happenings';
import { isOfLedger, MEASURES, type Alert } from './alert';

/** An alert's measured value, and the threshold it must reach. */
interface Measured {
  readonly userId: string | null;
  readonly period: string;
  readonly value: Decimal;
  readonly threshold: Decimal;
  /** The plan and its limit, for an alert on a share of a limit; otherwise `null`. */
  readonly plan: Plan | null;
  readonly limit: string | null;
  readonly currency: string | null;
}

/** Returns the key of the happening that an alert was reached: one for each user and period. */
function reachedKey(alert: Alert, userId: string | null, period: string): string {
  return `${alert.id} ${userId ?? ''} ${period}`;
}

/**
 * Returns the alerts on users that one user's statement of a period reaches.
 * @param terms of the user.
 * @param now milliseconds since 1970; it decides which plan counts while the period is not over.
 */
export function reachedInStatement(
  alerts: readonly Alert[],
  row: StatementRow,
  terms: Terms,
  now: number,
): Happening[] {
  const concerned = alerts.filter(
    (alert) =>
      !isOfLedger(alert) &&
      row.period >= alert.from_period &&
      (alert.user_id === null || alert.user_id === row.user_id),
  );
  if (concerned.length === 0) return [];
  const summaries = JSON.parse(row.summaries) as Record<string, SummaryCounts>;
  return concerned.flatMap((alert) => {
    const measured = measureUser(alert, row, summaries, terms, now);
    return measured === undefined ? [] : reached(alert, measured, now);
  });
}

/** Returns the alerts on the ledger that a period's totals reach. */
export function reachedByTotals(
  alerts: readonly Alert[],
  period: string,
  totals: readonly PeriodTotals[],
  terms: Terms,
  now: number,
): Happening[] {
  return alerts
    .filter((alert) => isOfLedger(alert) && period >= alert.from_period)
    .flatMap((alert) => {
      const currency = alert.currency ?? terms.defaultCurrency;
      const total = totals.find((one) => one.currency === currency)?.cost_cents ?? 0;
      const threshold = new Decimal(alert.threshold!);
      const of = { userId: null, period, plan: null, limit: null, currency };
      return reached(alert, { ...of, value: new Decimal(total), threshold }, now);
    });
}

function measureUser(
  alert: Alert,
  { user_id: userId, period }: StatementRow,
  summaries: Readonly<Record<string, SummaryCounts>>,
  terms: Terms,
  now: number,
): Measured | undefined {
  const isMoney = alert.metric === 'cost_cents';
  const currency = alert.currency ?? (isMoney ? terms.currency(userId, period) : null);
  const counted = Object.entries(summaries)
    .filter(([of]) => currency === null || of === currency)
    .map(([, summary]) => summary);
  const of = { userId, period, currency, value: valueOf(alert, counted) };
  if (alert.threshold !== null) {
    return { ...of, threshold: new Decimal(alert.threshold), plan: null, limit: null };
  }
  const { to } = terms.range(period);
  const plan = terms.plan(userId, Math.min(now, to - 1));
  const { limit: limited } = MEASURES[alert.metric];
  const limit = limited === null ? null : plan[limited];
  if (limit === null) return undefined;
  const threshold = new Decimal(alert.share_of_limit!).times(limit);
  return { ...of, threshold, plan, limit: String(limit) };
}

function valueOf({ metric }: Alert, summaries: readonly SummaryCounts[]): Decimal {
  const sum = (of: (one: SummaryCounts) => string | number) =>
    summaries.reduce((total, one) => total.plus(of(one)), ZERO);
  switch (metric) {
    case 'billable_minutes':
      return new Decimal(toMinutes(sum((one) => one.billed_seconds)));
    case 'sessions':
      return sum((one) => one.sessions);
    case 'cost_cents':
    case 'ledger_cost_cents':
      return sum((one) => one.usage_cost_cents + one.adjustments_cents);
  }
}

function reached(alert: Alert, measured: Measured, now: number): Happening[] {
  const { userId, period, value, threshold, plan, limit, currency } = measured;
  if (value.lt(threshold)) return [];
  return [
    {
      key: reachedKey(alert, userId, period),
      type: 'minutebook.alert.reached',
      at: now,
      data: {
        alert_id: alert.id,
        name: alert.name,
        metric: alert.metric,
        user_id: userId,
        period,
        value: print(value),
        threshold: print(threshold),
        share_of_limit: alert.share_of_limit,
        limit,
        plan: plan?.plan ?? null,
        currency,
      },
    },
  ];
}
