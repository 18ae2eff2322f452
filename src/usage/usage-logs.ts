import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';

import { sessionStream } from '../domain/events/facts';
import { Decimal, print, ZERO } from '../domain/money';
import { printInstant } from '../domain/time';
import { MAX_PAGE, type EventStore, type StoredEvent } from '../event-store/port';
import { EVENT_STORE } from '../platform/tokens';
import { Problem } from '../platform/problem';
import { ReadModel, type LogFilter } from '../read-model/queries';
import type { SessionView, UsageLogView } from '../read-model/views';
import { readCursor, toPage, type Page } from './cursor';
import { explainLog } from './explain';
import { standingOf } from './standing';

/** A user's usage logs, newest first. */
export class UsageLogs extends Query<Page<UsageLogView>> {
  constructor(
    readonly userId: string,
    readonly filter: LogFilter,
    readonly cursor: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(UsageLogs)
export class UsageLogsHandler implements IQueryHandler<UsageLogs, Page<UsageLogView>> {
  constructor(private readonly readModel: ReadModel) {}

  execute({ userId, filter, cursor, limit }: UsageLogs): Promise<Page<UsageLogView>> {
    const after = readCursor(cursor);
    return this.readModel.read(async (snapshot) => {
      const rows = await snapshot.userLogs(userId, filter, after, limit + 1);
      return toPage(rows, limit, (row) => JSON.parse(row.view) as UsageLogView);
    });
  }
}

/** One usage log, with how it came to be. */
export class OneUsageLog extends Query<object> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(OneUsageLog)
export class OneUsageLogHandler implements IQueryHandler<OneUsageLog, object> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  execute({ id }: OneUsageLog): Promise<object> {
    return this.readModel.read(async (snapshot) => {
      const row = await snapshot.log(id);
      if (row === undefined) throw new Problem('not_found', 'There is no usage log with this id.');
      const { terms, position } = await standingOf(snapshot);
      const log = JSON.parse(row.view) as UsageLogView;
      const key = { user_id: row.user_id, period: row.billing_period, currency: row.currency };
      const before = await snapshot.logBefore(key, row);
      const statements = await snapshot.statements(row.user_id, row.billing_period);
      const statement = statements.find((one) => one.currency === row.currency)!;
      const card = log.rate_card_id === null ? null : (terms.cardById(log.rate_card_id) ?? null);
      const events = await this.eventsOf(row.session_id, position);
      return {
        ...log,
        explanation: {
          events: events.map(eventView),
          rate_card: card,
          plan: terms.planByName(log.plan) ?? null,
          steps: explainLog(log, before, statement, terms),
        },
      };
    });
  }

  /** The session's events that the log was derived from: those up to the read model's position. */
  private async eventsOf(sessionId: string, position: number): Promise<StoredEvent[]> {
    const events = await this.store.readStream(sessionStream(sessionId), 0, MAX_PAGE);
    return events.filter((event) => event.position <= position);
  }
}

function eventView(event: StoredEvent): object {
  return {
    position: String(event.position),
    stream: event.stream,
    type: event.type,
    recorded_at: printInstant(event.recordedAt),
    event: JSON.parse(event.body) as unknown,
  };
}

/** A session: its attempts, its logs, and what it cost. */
export class OneSession extends Query<object> {
  constructor(readonly sessionId: string) {
    super();
  }
}

@QueryHandler(OneSession)
export class OneSessionHandler implements IQueryHandler<OneSession, object> {
  constructor(private readonly readModel: ReadModel) {}

  execute({ sessionId }: OneSession): Promise<object> {
    return this.readModel.read(async (snapshot) => {
      const row = await snapshot.session(sessionId);
      if (row === undefined) throw new Problem('not_found', 'No event names this session.');
      const view = JSON.parse(row.view) as SessionView;
      const rows = await snapshot.sessionLogs(sessionId);
      const logs = rows.map((one) => JSON.parse(one.view) as UsageLogView);
      const cost = logs.reduce((sum, log) => sum.plus(log.cost), new Decimal(ZERO));
      return {
        session_id: view.session_id,
        user_id: view.user_id,
        attempts: view.attempts,
        usage_logs: logs,
        cost: print(cost),
        cost_cents: logs.reduce((sum, log) => sum + log.cost_cents, 0),
        currency: view.currency,
        next_attempt: view.next_attempt,
      };
    });
  }
}
