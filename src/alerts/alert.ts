import { printInstant } from '../domain/time';

/** What an alert measures: of a user in a period, or of all users. */
export const METRICS = ['billable_minutes', 'cost_cents', 'sessions', 'ledger_cost_cents'] as const;
export type Metric = (typeof METRICS)[number];

/** Those of which a plan has a limit. */
export const LIMITED_METRICS: readonly Metric[] = ['billable_minutes', 'sessions'];

/** An alert, as it is kept. Either `threshold` or `share_of_limit` is there: decimal strings. */
export interface Alert {
  readonly id: string;
  readonly name: string;
  readonly metric: Metric;
  readonly threshold: string | null;
  readonly share_of_limit: string | null;
  /** `null` = each user; of the ledger's metrics, all. */
  readonly user_id: string | null;
  /** `null` = the user's own, the ledger's first; of minutes and sessions, all. */
  readonly currency: string | null;
  /** The period in which it was made: it is of this one and those after. */
  readonly from_period: string;
  /** Milliseconds since 1970. */
  readonly created_at: number;
}

/** An alert as people see it. */
export interface AlertView extends Omit<Alert, 'from_period' | 'created_at'> {
  readonly created_at: string;
}

export function alertView(alert: Alert): AlertView {
  const { from_period: _, created_at, ...shown } = alert;
  return { ...shown, created_at: printInstant(Number(created_at)) };
}
