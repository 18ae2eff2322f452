import type { Terms } from '../domain/account/terms';
import type { LogFacts } from '../domain/billing/usage-log';
import { OUTCOMES } from '../domain/events/facts';
import type { StatementKey } from '../read-model/rows';
import type { ProjectedSession, SessionCounts } from './session-projection';

/** Returns a user, period and currency as one text. None of them can contain a space. */
function countKey(user: string, period: string, currency: string): string {
  return `${user} ${period} ${currency}`;
}

/** Returns the statement and the currency that a {@link countKey} names. */
export function parseCountKey(text: string): StatementKey & { readonly currency: string } {
  const [user_id, period, currency] = text.split(' ') as [string, string, string];
  return { user_id, period, currency };
}

/**
 * Takes the counts of closed periods out of what is written of a session, so that a void does not change them. A void
 * that a close did not count leaves the closed period as it is.
 */
export function keepClosedCounts(session: ProjectedSession, terms: Terms): void {
  const counts = [...session.written.counts].filter(
    ([text]) => terms.close(parseCountKey(text).period) === undefined,
  );
  session.written = { ...session.written, counts: new Map(counts) };
}

/** The period and currency in which a failure counts, if a `failed` fact reported it. */
export interface Failure {
  readonly period: string;
  readonly currency: string;
}

/**
 * Returns a session's failures. Each counts in the first period, from its own on, that was open when it was recorded.
 */
export function failuresOf(session: ProjectedSession, terms: Terms): Failure[] {
  const failures: Failure[] = [];
  for (const { outcome } of session.attempts) {
    if (outcome === undefined || OUTCOMES[outcome.kind] !== 'failed') continue;
    const own = terms.periodOf(outcome.time).period;
    const period = terms.firstOpenAt(own, outcome.position);
    const currency =
      closedCurrency(session, period, terms) ?? terms.currency(session.userId, period);
    failures.push({ period, currency });
  }
  return failures;
}

/**
 * Returns the currency in which a closed period's failures were counted, which later agreements do not change;
 * `undefined` if the period is open or has no failures of the session.
 */
function closedCurrency(
  session: ProjectedSession,
  period: string,
  terms: Terms,
): string | undefined {
  if (terms.close(period) === undefined) return undefined;
  for (const [text, { failures }] of session.written.counts) {
    const key = parseCountKey(text);
    if (failures > 0 && key.period === period && key.user_id === session.userId) {
      return key.currency;
    }
  }
  return undefined;
}

/** Returns the statements that a session is in, by {@link countKey}, with its failures in each. */
export function countsOf(
  session: ProjectedSession,
  logs: ReadonlyMap<number, LogFacts>,
  failures: readonly Failure[],
): Map<string, SessionCounts> {
  const counts = new Map<string, SessionCounts>();
  for (const log of [...session.frozen.values(), ...logs.values()]) {
    counts.set(countKey(log.user_id, log.billing_period, log.currency), { failures: 0 });
  }
  for (const { period, currency } of failures) {
    const key = countKey(session.userId, period, currency);
    counts.set(key, { failures: (counts.get(key)?.failures ?? 0) + 1 });
  }
  return counts;
}
