import type { Derived, ReferenceLog, Row } from './derivation/derived';
import { toMinutes } from './derivation/derived';
import { Rational, sum } from './derivation/rational';
import { type ReferenceSummary, summariesOf } from './derivation/reference';
import type { Scope } from './header';

/** A period's totals over all users in one currency, as a close pins them. */
export interface Totals {
  readonly currency: string;
  readonly users: number;
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly billable_minutes: string;
  readonly cost: string;
  readonly usage_cost_cents: number;
  readonly adjustments_cents: number;
  readonly cost_cents: number;
}

/** A line that follows from the events: `key` identifies it, `text` is the line, byte for byte. */
export interface DerivedLine {
  readonly key: string;
  readonly text: string;
}

/** Returns all lines that a bundle of a scope must state, derived from the events. */
export function* derivedLines(derived: Derived, scope: Scope): Generator<DerivedLine> {
  const isOf = ({ period, user_id }: { period: string; user_id: string }) =>
    (scope.period === null || period === scope.period) &&
    (scope.user_id === null || user_id === scope.user_id);

  for (const row of derived.rows) {
    if (!isOf({ period: row.billing_period, user_id: row.user_id })) continue;
    const id = idOf(row);
    yield lineOf('usage_log', [id], { id, ...logView(row.log) });
  }
  for (const one of derived.adjustments) {
    const { id, user_id, billing_period, currency, amount_cents } = one;
    if (!isOf({ period: billing_period, user_id })) continue;
    const view = { id, user_id, billing_period, currency, amount_cents };
    yield lineOf('adjustment', [id], view);
  }
  for (const { usage_period, session_id, attempt, user_id, status } of derived.waiting) {
    if (!isOf({ period: usage_period, user_id })) continue;
    const view = { session_id, attempt, user_id, status, usage_period };
    yield lineOf('waiting', [session_id, attempt], view);
  }
  const summaries = summariesOf(derived);
  for (const summary of summaries) {
    const { period, user_id, currency } = summary;
    if (isOf({ period, user_id })) yield lineOf('summary', [user_id, period, currency], summary);
  }
  // Totals cover all users, so a user's bundle can't state them.
  if (scope.user_id !== null) return;
  for (const [period, totals] of totalsOf(summaries)) {
    if (scope.period === null || scope.period === period) {
      yield lineOf('totals', [period], { period, totals });
    }
  }
}

function lineOf(line: string, names: readonly (string | number)[], view: object): DerivedLine {
  return { key: [line, ...names].join(' '), text: JSON.stringify({ line, ...view }) };
}

/** The id of a log: its session, its attempt and, after voids, the number of voids before it. */
const idOf = ({ session_id, life, log }: Row): string =>
  `${session_id}~${log.attempt}${life === 0 ? '' : `~${life}`}`;

/** Leaves out personal fields, which bundles do not state, and store positions, which are no part of a bill. */
function logView(log: ReferenceLog): Omit<ReferenceLog, 'position' | 'original_filename'> {
  const { position: _, original_filename: __, ...view } = log;
  return view;
}

/** Sums all users' summaries: one total per period and currency. */
export function totalsOf(summaries: readonly ReferenceSummary[]): Map<string, Totals[]> {
  const groups = new Map<string, Map<string, ReferenceSummary[]>>();
  for (const summary of summaries) {
    const currencies = groups.get(summary.period) ?? new Map<string, ReferenceSummary[]>();
    groups.set(summary.period, currencies);
    const own = currencies.get(summary.currency);
    if (own) own.push(summary);
    else currencies.set(summary.currency, [summary]);
  }
  return new Map(
    [...groups].map(([period, currencies]) => [
      period,
      [...currencies.values()]
        .map(totalOf)
        .sort((a, b) => (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0)),
    ]),
  );
}

function totalOf(summaries: readonly ReferenceSummary[]): Totals {
  const count = (
    field: 'transcriptions' | 'usage_cost_cents' | 'adjustments_cents' | 'cost_cents',
  ) => summaries.reduce((total, one) => total + one[field], 0);
  const exact = (field: 'billed_seconds' | 'cost') =>
    sum(summaries.map((one) => Rational.parse(one[field])));
  const billed = exact('billed_seconds');
  return {
    currency: summaries[0]!.currency,
    users: summaries.length,
    transcriptions: count('transcriptions'),
    billed_seconds: billed.toWire(),
    billable_minutes: toMinutes(billed),
    cost: exact('cost').toWire(),
    usage_cost_cents: count('usage_cost_cents'),
    adjustments_cents: count('adjustments_cents'),
    cost_cents: count('cost_cents'),
  };
}
