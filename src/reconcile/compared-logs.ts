import type { Terms } from '../domain/account/terms';
import type { Json } from '../domain/events/facts';
import { Decimal } from '../domain/money';
import type { UsageLog } from '../domain/billing/usage-log';
import { PeriodLogStream } from '../read-model/period-log-stream';
import { BEFORE_ALL, type ReadModelSnapshot } from '../read-model/queries';
import { RatedLogs } from '../read-model/rated-logs';
import type { ReconciliationRequest } from './asked';
import { NANO } from './nanoseconds';
import type { ComparedLog } from './work-file';

const PAGE = 1_000;

/**
 * Returns, page by page, the ledger's logs of a provider for what happened in a month, in the form that is compared.
 * Includes those that are late and billed in a later month.
 */
export async function* comparedLogs(
  snapshot: ReadModelSnapshot,
  terms: Terms,
  { provider, period, match }: ReconciliationRequest,
): AsyncGenerator<ComparedLog[]> {
  const rated = new RatedLogs(snapshot, terms);
  const isAsked = (log: UsageLog) => log.usage_period === period && log.stt_provider === provider;
  const compared = (logs: readonly UsageLog[]) =>
    logs.filter(isAsked).map((log) => comparedLog(log, terms, match));
  const stream = new PeriodLogStream(rated, BEFORE_ALL);
  for (let after = BEFORE_ALL; ;) {
    const rows = await snapshot.periodLogs(period, after, PAGE);
    if (rows.length === 0) break;
    yield compared(await stream.next(rows));
    after = rows.at(-1)!;
  }
  for (let after = ''; ;) {
    const rows = await snapshot.logsBilledLater(period, provider, after, PAGE);
    if (rows.length === 0) break;
    yield compared(await rated.of(rows));
    after = rows.at(-1)!.id;
  }
}

function comparedLog(log: UsageLog, { zone }: Terms, match: string): ComparedLog {
  const completed_at = Date.parse(log.completed_at);
  const began = log.started_at === null ? completed_at : Date.parse(log.started_at);
  return {
    id: log.id,
    session_id: log.session_id,
    attempt: log.attempt,
    user_id: log.user_id,
    request_id: textAt(log.provider_metadata, match),
    day: zone.dayOf(began),
    end_day: zone.dayOf(completed_at),
    completed_at,
    ns: new Decimal(log.duration_seconds).times(NANO).toNumber(),
    cost: log.cost,
    cost_cents: log.cost_cents,
    currency: log.currency,
  };
}

/** Returns the text at a JSON pointer, or a whole number as text; `null` if there is none. */
function textAt(value: Json | undefined, pointer: string): string | null {
  let found: Json | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as Readonly<Record<string, Json>>)[name];
  }
  // Other numbers may have been rounded, so that the ids of two requests became one.
  if (typeof found === 'number') return Number.isSafeInteger(found) ? String(found) : null;
  return typeof found === 'string' && found !== '' ? found : null;
}
