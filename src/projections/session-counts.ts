import type { Terms } from '../domain/account/terms';
import type { LogFacts } from '../domain/billing/usage-log';
import type { StatementKey } from '../read-model/rows';
import type { ProjectedSession, SessionCounts } from './session-projection';

/** A part of a statement as one text: neither users, periods nor currencies hold a blank. */
function countKey(user: string, period: string, currency: string): string {
  return `${user} ${period} ${currency}`;
}

/** The statement and the currency that a {@link countKey} names. */
export function parseCountKey(text: string): StatementKey & { readonly currency: string } {
  const [user_id, period, currency] = text.split(' ') as [string, string, string];
  return { user_id, period, currency };
}

/**
 * Takes what counts in closed periods out of what a void may still change: one that was recorded after
 * the last event that a close counted leaves its period as it is.
 */
export function keepClosedCounts(session: ProjectedSession, terms: Terms): void {
  const counts = [...session.written.counts].filter(
    ([text]) => terms.close(parseCountKey(text).period) === undefined,
  );
  session.written = { ...session.written, counts: new Map(counts) };
}

/** A failure that a `failed` fact tells of, and where it counts. */
export interface Failure {
  readonly period: string;
  readonly currency: string;
}

/** A failure counts in the first period from its own on that was open when it was recorded. */
export function failuresOf(session: ProjectedSession, terms: Terms): Failure[] {
  const failures: Failure[] = [];
  for (const { outcome } of session.attempts) {
    if (outcome?.kind !== 'failed') continue;
    const own = terms.periodOf(outcome.time).period;
    const period = terms.firstOpenAt(own, outcome.position);
    const currency =
      closedCurrency(session, period, terms) ?? terms.currency(session.userId, period);
    failures.push({ period, currency });
  }
  return failures;
}

/** The currency in which failures were counted in a period that is closed: what was agreed after that changes nothing there. */
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

/** The statements that a session is in, with its failures there. */
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
