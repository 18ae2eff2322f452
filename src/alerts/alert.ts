import { printInstant } from '../domain/time';

/**
 * Whose usage of a period a metric measures, one user's or everybody's, and which limit of a plan it counts towards.
 */
interface Measure {
  readonly of: 'user' | 'ledger';
  readonly limit: 'minutes' | 'sessions' | null;
}

export const MEASURES = {
  billable_minutes: { of: 'user', limit: 'minutes' },
  cost_cents: { of: 'user', limit: null },
  sessions: { of: 'user', limit: 'sessions' },
  ledger_cost_cents: { of: 'ledger', limit: null },
} as const satisfies Record<string, Measure>;

export type Metric = keyof typeof MEASURES;
export const METRICS = Object.keys(MEASURES) as readonly Metric[];

/** The metrics that a plan can limit. */
export const LIMITED_METRICS = METRICS.filter((metric) => MEASURES[metric].limit !== null);

export function isOfLedger({ metric }: { readonly metric: Metric }): boolean {
  return MEASURES[metric].of === 'ledger';
}

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
   * `null` = for `cost_cents`, the user's own currency; for `ledger_cost_cents`, the ledger's default; for minutes and
   * sessions, all currencies.
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
