import { sessionStream } from '../domain/events/facts';
import { userOfFact } from '../domain/events/stored';
import type { Terms } from '../domain/account/terms';
import { print, ZERO } from '../domain/money';
import { isNextBillable } from '../domain/rating/classify';
import { printInstant } from '../domain/time';
import { isLastPage } from '../event-store/pages';
import { MAX_PAGE, type EventReader, type StoredEvent } from '../event-store/port';
import { Problem } from '../http/problem';
import { isLastPageOfLogs } from '../read-model/described-logs';
import type { LogAfter, LogFilter } from '../read-model/queries';
import { chargedIn, RatedLogs } from '../read-model/rated-logs';
import type { UsageLogRow } from '../read-model/rows';
import type { SessionView, UsageLogView } from '../read-model/views';
import type { Page } from '../http/cursor';
import { readLogCursor, toPage } from './log-cursor';
import { explainLog } from './explain';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { forbidden } from '../security/unauthorized';
import { standingOf } from './standing';

const NO_LOG = 'There is no usage log with this id.';
const NO_SESSION = 'No event names this session.';

/** A user's usage logs, newest first. */
export class UsageLogs extends Question<Page<UsageLogView>> {
  constructor(
    readonly userId: string,
    readonly filter: LogFilter,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageLogsHandler implements Answerer<UsageLogs, Page<UsageLogView>> {
  constructor(private readonly models: Reads) {}

  execute({ userId, filter, cursor, limit, asOf }: UsageLogs): Promise<Page<UsageLogView>> {
    let after = readLogCursor(cursor);
    return this.models.read(asOf, async (snapshot) => {
      const { terms } = await standingOf(snapshot);
      const rated = new RatedLogs(snapshot, terms);
      const places: LogAfter[] = [];
      const shown = new Map<LogAfter, UsageLogView>();
      while (places.length <= limit) {
        const from = after && { ...after, period: terms.periodOf(after.completed_at).period };
        const left = limit - places.length;
        const rows = await snapshot.userLogs(userId, filter, from, left + 1);
        if (rows.length === 0) break;
        const logs = await rated.of(rows.slice(0, left));
        // Rows may be large, so only their places are kept.
        const read = rows.map(({ completed_at, session_id, attempt, late_position }): LogAfter => ({
          completed_at,
          session_id,
          attempt,
          late_position,
        }));
        logs.forEach((log, index) => shown.set(read[index]!, log));
        places.push(...read);
        if (isLastPageOfLogs(rows, left + 1)) break;
        after = read.at(-1);
      }
      return toPage(places, limit, (place) => shown.get(place)!);
    });
  }
}

/** One usage log, with an explanation of its cost. */
export class OneUsageLog extends Question<object> {
  constructor(
    readonly id: string,
    /** The one user whose logs the caller may see; `null` = everyone's. */
    readonly onlyUser: string | null,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

/** An event, and the user whom it names if it is a fact. */
type ToldEvent = StoredEvent & { readonly user: string | undefined };

export class OneUsageLogHandler implements Answerer<OneUsageLog, object> {
  constructor(
    private readonly models: Reads,
    private readonly store: Pick<EventReader, 'readStream'>,
  ) {}

  execute({ id, onlyUser, asOf }: OneUsageLog): Promise<object> {
    if (!isPossible(id)) return Promise.reject(missing(onlyUser, NO_LOG));
    return this.models.read(asOf, async (snapshot) => {
      const row = await snapshot.log(id, onlyUser);
      if (row === undefined) throw missing(onlyUser, NO_LOG);
      const { terms, position } = await standingOf(snapshot, row.user_id);
      const rated = new RatedLogs(snapshot, terms);
      const key = { user_id: row.user_id, period: row.billing_period };
      const { state } = await rated.raterAt(key, row);
      const [log] = (await rated.of([row])) as [UsageLogView];
      const statement = (await snapshot.statement(row.user_id, row.billing_period))!;
      const card = log.rate_card_id === null ? null : (terms.cardById(log.rate_card_id) ?? null);
      const { events, isComplete } = await this.eventsOf(row.session_id, onlyUser, position);
      const erasedAt = await snapshot.personal.erasedAt(usersOf(events));
      const isErased = ({ user, position: at }: ToldEvent) =>
        log.erased || at < (erasedAt.get(user ?? '') ?? 0);
      return {
        ...log,
        explanation: {
          events: events.map((event) => eventView(event, isErased(event))),
          events_complete: isComplete,
          rate_card: card,
          plan: terms.planByName(log.plan) ?? null,
          steps: explainLog(log, state, chargedIn(statement), terms),
        },
      };
    });
  }

  /**
   * Returns the session's events up to the read model's position, or the first page of them.
   * @param onlyUser the user whose facts they must be, as after a void a session may belong to another user; `null` for
   * all events, voids included.
   */
  private async eventsOf(
    sessionId: string,
    onlyUser: string | null,
    position: number,
  ): Promise<{ events: readonly ToldEvent[]; isComplete: boolean }> {
    const stream = sessionStream(sessionId);
    const page = await this.store.readStream(stream, 0, MAX_PAGE);
    const upTo = page.filter((event) => event.position <= position);
    const events = upTo
      .map((event) => ({ ...event, user: userOfFact(event) }))
      .filter(({ user }) => onlyUser === null || user === onlyUser);
    if (upTo.length < page.length || isLastPage(page, MAX_PAGE)) {
      return { events, isComplete: true };
    }
    const [next] = await this.store.readStream(stream, page.length, 1);
    return { events, isComplete: next === undefined || next.position > position };
  }
}

/** Returns the users whom events name: after a void, a session may have another one. */
function usersOf(events: readonly ToldEvent[]): string[] {
  const users = new Set<string>();
  for (const { user } of events) if (user !== undefined) users.add(user);
  return [...users];
}

/** @param erased whether to hide everything personal: values that were stored unsealed are readable in the text. */
function eventView(event: StoredEvent, erased: boolean): object {
  const told = JSON.parse(event.body) as { personal?: unknown };
  if (erased) delete told.personal;
  return {
    position: String(event.position),
    stream: event.stream,
    type: event.type,
    recorded_at: printInstant(event.recordedAt),
    event: told,
  };
}

/** A session: its attempts, its logs, and what it cost. */
export class OneSession extends Question<object> {
  constructor(
    readonly sessionId: string,
    /** As for {@link OneUsageLog}. */
    readonly onlyUser: string | null,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class OneSessionHandler implements Answerer<OneSession, object> {
  constructor(private readonly models: Reads) {}

  execute({ sessionId, onlyUser, asOf }: OneSession): Promise<object> {
    if (!isPossible(sessionId)) return Promise.reject(missing(onlyUser, NO_SESSION));
    return this.models.read(asOf, async (snapshot) => {
      const row = await snapshot.session(sessionId, onlyUser);
      if (row === undefined) throw missing(onlyUser, NO_SESSION);
      const view = JSON.parse(row.view) as SessionView;
      const { terms } = await standingOf(snapshot, row.user_id);
      const rated = new RatedLogs(snapshot, terms);
      const logs: UsageLogView[] = [];
      for (let after: UsageLogRow | undefined; ;) {
        const rows = await snapshot.sessionLogs(sessionId, onlyUser, after);
        if (rows.length === 0) break;
        logs.push(...(await rated.of(rows)));
        if (isLastPageOfLogs(rows, Infinity)) break;
        after = rows.at(-1);
      }
      return {
        session_id: view.session_id,
        user_id: view.user_id,
        attempts: view.attempts,
        usage_logs: logs,
        ...moneyOf(view, logs, terms),
        next_attempt: nextAttempt(view, terms),
      };
    });
  }
}

/** Whether there may be an id like this. PostgreSQL refuses to look for a text with U+0000. */
function isPossible(id: string): boolean {
  return !id.includes('\u0000');
}

/** For a caller who may see only one user, another user's data looks the same as data that does not exist. */
function missing(onlyUser: string | null, detail: string): Problem {
  return onlyUser === null ? new Problem('not_found', detail) : forbidden();
}

/**
 * Returns what a session's logs cost, in the currency of the last log. A session without logs gets its user's currency.
 */
function moneyOf(view: SessionView, logs: readonly UsageLogView[], terms: Terms): object {
  const currency = logs.at(-1)?.currency ?? currencyOf(view, terms);
  const own = logs.filter((log) => log.currency === currency);
  const cost = own.reduce((sum, log) => sum.plus(log.cost), ZERO);
  const cents = own.reduce((sum, log) => sum + log.cost_cents, 0);
  return { cost: print(cost), cost_cents: cents, currency };
}

/** Returns the user's currency in the period of the session's last fact. */
function currencyOf({ user_id, last_time }: SessionView, terms: Terms): string | null {
  if (user_id === null || last_time === null) return null;
  return terms.currency(user_id, terms.periodOf(last_time).period);
}

/**
 * Describes the next possible attempt, under the card at the last fact's time. Fields that are not yet known are
 * `null`.
 */
function nextAttempt(view: SessionView, terms: Terms): object {
  const { attempt, transcription_type, waits, succeeded } = view.next;
  const next = { type: transcription_type, earlierOpen: waits, earlierSuccess: succeeded };
  const currency = currencyOf(view, terms);
  const card = currency === null ? undefined : terms.card(currency, view.last_time!);
  return { attempt, transcription_type, billable: isNextBillable(next, card) };
}
