import type { components } from '../../../../clients/typescript/src/reader/api';
import type { MEASURES } from '../../../../src/alerts/alert';
import { decimal } from '../../format';
import { m, t } from '../../i18n/language';

type Body = components['schemas']['AlertBody'];
export type Metric = Body['metric'];

type Measures = typeof MEASURES;

interface Measured<Name extends Metric> {
  readonly text: string;
  /** Whether a plan can limit this metric, so that an alert can be at a share of the limit. */
  readonly hasLimit: Measures[Name]['limit'] extends null ? false : true;
  /** Whether the metric is of one user, not of all users together. */
  readonly hasUser: Measures[Name]['of'] extends 'user' ? true : false;
}

/** What each metric is called, and what an alert of it may have. */
export const METRICS: { readonly [Name in Metric]: Measured<Name> } = {
  billable_minutes: { text: m('Minutes of a user'), hasLimit: true, hasUser: true },
  sessions: { text: m('Sessions of a user'), hasLimit: true, hasUser: true },
  cost_cents: { text: m('Cents of a user'), hasLimit: false, hasUser: true },
  ledger_cost_cents: { text: m('Cents of all users'), hasLimit: false, hasUser: false },
};

/** Writes at what an alert is reached, with its unit. Money has a currency, or that of each user. */
export function levelOf({ metric, threshold, share_of_limit: share, currency }: Level): string {
  if (share !== null) return t('{0} × limit', decimal(share));
  if (threshold === null) return '';
  const number = decimal(threshold);
  if (METRICS[metric].hasLimit) return number;
  return currency === null
    ? t('{0} {0|cent|cents}', number)
    : t('{0} {0|cent|cents} ({1})', number, currency);
}

type Level = Pick<
  components['schemas']['Alert'],
  'metric' | 'threshold' | 'share_of_limit' | 'currency'
>;

/** What a person filled in. A field that the form no longer shows keeps its text. */
interface Filled {
  readonly name: string;
  readonly metric: Metric;
  readonly how: 'threshold' | 'share_of_limit';
  readonly level: string;
  readonly user: string;
  readonly currency: string;
}

export function isLevel(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text.trim()) && /[1-9]/.test(text);
}

/** Returns the alert to make, without what the form does not show for its metric; `undefined` while it is incomplete. */
export function bodyOf(filled: Filled): Body | undefined {
  const [name, level, user, currency] = [
    filled.name.trim(),
    filled.level.trim(),
    filled.user.trim(),
    filled.currency.trim().toUpperCase(),
  ];
  const { hasLimit, hasUser } = METRICS[filled.metric];
  if (name === '' || !isLevel(level)) return undefined;
  return {
    name,
    metric: filled.metric,
    [hasLimit ? filled.how : 'threshold']: level,
    ...(hasUser && user !== '' ? { user_id: user } : {}),
    // Money has a currency, and only money has no limit.
    ...(!hasLimit && currency !== '' ? { currency } : {}),
  };
}
