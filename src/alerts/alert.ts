import { printInstant } from '../domain/time';

/** What an alert measures: of a user in a period, or of all users together. */
export const METRICS = ['billable_minutes', 'cost_cents', 'sessions', 'ledger_cost_cents'] as const;
export type Metric = (typeof METRICS)[number];

/** The metrics that a plan can limit. */
export const LIMITED_METRICS: readonly Metric[] = ['billable_minutes', 'sessions'];

/** An alert as it is stored. It has either `threshold` or `share_of_limit`, as a decimal string. */
export interface Alert {
  readonly id: string;
  readonly name: string;
  readonly metric: Metric;
  readonly threshold: string | null;
  readonly share_of_limit: string | null;
  /** `null` = every user; for a metric of the ledger, all users together. */
  readonly user_id: string | null;
  /**
   * `null` = the user's own; for the ledger's metric, the ledger's default; for minutes and sessions, all currencies.
   */
  readonly currency: string | null;
  /** The period in which it was made. It applies to this period and later ones. */
  readonly from_period: string;
  /** Milliseconds since 1970. */
  readonly created_at: number;
}

/** An alert in the form of the API. */
export interface AlertView extends Omit<Alert, 'from_period' | 'created_at'> {
  readonly created_at: string;
}

export function alertView(alert: Alert): AlertView {
  const { from_period: _, created_at, ...shown } = alert;
  return { ...shown, created_at: printInstant(Number(created_at)) };
}
