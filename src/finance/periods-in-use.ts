import type { Terms } from '../domain/account/terms';
import type { ReadModelSnapshot } from '../read-model/queries';

/**
 * Returns the periods in which attempts wait (the periods of the attempts' own times), oldest first. Takes one query
 * for each period.
 */
export async function waitingPeriods(snapshot: ReadModelSnapshot, terms: Terms): Promise<string[]> {
  const periods: string[] = [];
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const next = await snapshot.firstWaiting(from);
    if (next === undefined) return periods;
    const { period, to } = terms.periodOf(next);
    periods.push(period);
    from = to;
  }
}

/** Returns the oldest period that is not closed and has usage or waiting attempts; `undefined` if there is none. */
export async function oldestOpenInUse(
  snapshot: ReadModelSnapshot,
  terms: Terms,
): Promise<string | undefined> {
  const isOpen = (period: string) => terms.close(period) === undefined;
  const waits = (await waitingPeriods(snapshot, terms)).find(isOpen);
  for (const period of (await snapshot.statementPeriods()).filter(isOpen)) {
    if (waits !== undefined && waits <= period) break;
    if (await hasLogs(snapshot, period)) return period;
  }
  return waits;
}

/** Whether any user has a usage log in a period. Adjustments and failures are not usage. */
async function hasLogs(snapshot: ReadModelSnapshot, period: string): Promise<boolean> {
  const sums = await snapshot.periodSums(period);
  return sums.some((one) => one.kind === 'total' && one.transcriptions > 0);
}
