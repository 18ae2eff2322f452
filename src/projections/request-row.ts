import { sessionStream } from '../domain/events/facts';
import {
  accountStream,
  readLedgerEvent,
  sessionOfStream,
  userOfStream,
  type LedgerEventType,
  type UsageAdjusted,
} from '../domain/ledger';
import { printInstant } from '../domain/time';
import type { StoredEvent } from '../event-store/port';
import type { RequestRow } from '../read-model/rows';
import type { WrittenView } from '../read-model/views';

/**
 * Returns the scope in which an idempotency key is unique: the path of the request, and the stream if the path names a
 * user or session. It is made from the event, so that the ledger alone determines it.
 */
export function requestScope(type: LedgerEventType, stream: string): string {
  switch (type) {
    case 'rate_card.published':
      return 'rate-cards';
    case 'plan.defaulted':
      return 'default-plan';
    case 'plan.assigned':
      return `plan ${stream}`;
    case 'usage.adjusted':
      return `adjustment ${stream}`;
    case 'ledger.opened':
    case 'plan.defined':
    case 'session.voided':
    case 'billing_period.closed':
    case 'ledger.restored':
    case 'user.erased':
    case 'ledger.continued':
      return stream;
  }
}

/**
 * Returns the row of the request that led to an event; `undefined` if no request with a key did.
 * @param complete fields of the answer that are not in the event, as of that event.
 */
export function requestRow(
  event: StoredEvent,
  type: LedgerEventType,
  complete: object = {},
): RequestRow | undefined {
  const { data, request } = readLedgerEvent(type, event.body);
  if (request === undefined) return undefined;
  const answer = { ...answerOf(event, type, data), ...complete, position: String(event.position) };
  return {
    scope: requestScope(type, event.stream),
    key: request.key,
    digest: request.digest,
    answer: JSON.stringify(answer),
    position: event.position,
    written: JSON.stringify(writtenIn(event, data, request.author)),
  };
}

/** Returns what the event says, for the list of what finance wrote. */
function writtenIn({ stream, type, recordedAt }: StoredEvent, data: object, asked?: string) {
  const { author = asked ?? null, reason = null, period = null } = data as Partial<UsageAdjusted>;
  const ofUser = stream === accountStream(userOfStream(stream));
  const ofSession = stream === sessionStream(sessionOfStream(stream));
  return {
    recorded_at: printInstant(recordedAt),
    type,
    stream,
    author,
    reason,
    user_id: ofUser ? userOfStream(stream) : null,
    session_id: ofSession ? sessionOfStream(stream) : null,
    period,
    data,
  } satisfies Omit<WrittenView, 'position'>;
}

/** Returns the resource as it is after the event (docs/reference/finance.md#writes). */
function answerOf(event: StoredEvent, type: LedgerEventType, data: object): object {
  const recorded_at = printInstant(event.recordedAt);
  switch (type) {
    case 'plan.assigned':
      return { user_id: userOfStream(event.stream), ...data };
    case 'usage.adjusted': {
      const { adjustment_id, ...rest } = data as { adjustment_id: string };
      return { id: adjustment_id, user_id: userOfStream(event.stream), ...rest, recorded_at };
    }
    case 'session.voided':
      return {
        session_id: sessionOfStream(event.stream),
        user_id: null,
        attempts: [],
        usage_logs: [],
        cost: '0',
        cost_cents: 0,
        currency: null,
        next_attempt: { attempt: 1, transcription_type: 'original', billable: true },
      };
    case 'billing_period.closed':
      return { ...data, closed_at: recorded_at };
    default:
      return data;
  }
}
