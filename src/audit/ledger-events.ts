import { sessionStream } from '../domain/events/facts';
import { userOfFact } from '../domain/events/stored';
import { accountStream, LEDGER_EVENTS } from '../domain/ledger';
import { leafText } from '../domain/merkle';
import { printInstant } from '../domain/time';
import { isLastPage, streamPages } from '../event-store/pages';
import { START, type EventReader, type StoredEvent } from '../event-store/port';
import { LedgerIndex, type IndexedEvent } from '../read-model/ledger-index';
import type { Page } from '../http/cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { writePositionCursor } from './position-cursor';

/** Which events to return; an empty filter selects all. */
interface EventFilter {
  readonly sessionId?: string | undefined;
  readonly userId?: string | undefined;
}

/** An event of the ledger as an auditor sees it: `leaf` is the text that the Merkle log hashes. */
export interface EventView {
  readonly position: string;
  readonly index: number;
  readonly stream: string;
  readonly type: string;
  readonly recorded_at: string;
  readonly event: unknown;
  readonly leaf: string;
}

/** An event, and where it stands in the ledger if that is known already. */
interface Found {
  readonly event: StoredEvent;
  readonly place: Pick<IndexedEvent, 'index' | 'recordedAt'> | undefined;
}

/**
 * The maximum number of events that one answer looks at. With `user_id`, the answer may have fewer than `limit` items,
 * even none.
 */
const WINDOW = 10_000;
const READ_AT_ONCE = 1_000;
/**
 * How many characters the bodies of one answer's events may have together. The event that reaches them is its last. The
 * answer has each body twice, and is written on the serving thread.
 */
const ANSWER_CHARACTERS = 2 * 1024 * 1024;

/**
 * The events after a position (0 = from the first on): the ledger itself as it is recorded, in ledger order. If
 * `next_cursor` is not null there may be more, whatever the number of items.
 */
export class LedgerPage extends Question<Page<EventView>> {
  /** The ledger never changes. */
  readonly asOf = undefined;

  constructor(
    readonly filter: EventFilter,
    readonly after: number,
    readonly limit: number,
  ) {
    super();
  }
}

export class LedgerPageHandler implements Answerer<LedgerPage, Page<EventView>> {
  constructor(
    private readonly reads: Reads,
    private readonly store: Pick<EventReader, 'readAll' | 'readStream'>,
  ) {}

  execute({ filter, after, limit }: LedgerPage): Promise<Page<EventView>> {
    const index = new LedgerIndex(this.store, {
      read: (work) => this.reads.read(undefined, (snapshot) => work(snapshot)),
    });
    return new LedgerEvents(this.store, index).page(filter, after, limit);
  }
}

/** The ledger itself, page by page in ledger order. */
class LedgerEvents {
  constructor(
    private readonly store: Pick<EventReader, 'readAll' | 'readStream'>,
    private readonly ledgerIndex: Pick<LedgerIndex, 'floor'>,
  ) {}

  /**
   * Returns the events after a position (0 = from the first on). If `next_cursor` is not null there may be more,
   * whatever the number of items. Reads O(limit) events; with `user_id`, at most {@link WINDOW}.
   */
  async page(filter: EventFilter, after: number, limit: number): Promise<Page<EventView>> {
    const { sessionId, userId } = filter;
    const readAtOnce = userId === undefined ? limit + 1 : READ_AT_ONCE;
    const source =
      sessionId === undefined
        ? this.ledger(after, readAtOnce)
        : this.session(sessionId, after, readAtOnce);
    const items: EventView[] = [];
    let looked = 0;
    let characters = 0;
    let last = after;
    for await (const found of source) {
      if (items.length === limit || looked === WINDOW || characters >= ANSWER_CHARACTERS) {
        return { items, next_cursor: writePositionCursor(last) };
      }
      looked += 1;
      last = found.event.position;
      if (userId !== undefined && !(await this.isOf(found.event, userId))) continue;
      characters += found.event.body.length;
      items.push(await this.view(found));
    }
    return { items, next_cursor: null };
  }

  private async *ledger(after: number, readAtOnce: number): AsyncGenerator<Found> {
    const before = after === START ? undefined : await this.ledgerIndex.floor(after);
    let position = before?.event.position ?? START;
    let index = before === undefined ? 0 : before.index + 1;
    let recordedAt = before?.recordedAt ?? 0;
    for (;;) {
      const page = await this.store.readAll(position, readAtOnce);
      for (const event of page) {
        recordedAt = Math.max(recordedAt, event.recordedAt);
        yield { event, place: { index, recordedAt } };
        index += 1;
      }
      if (isLastPage(page, readAtOnce)) return;
      position = page.at(-1)!.position;
    }
  }

  private async *session(
    sessionId: string,
    after: number,
    readAtOnce: number,
  ): AsyncGenerator<Found> {
    const stream = sessionStream(sessionId);
    const from = await this.revisionAfter(stream, after);
    for await (const page of streamPages(this.store, stream, from, readAtOnce)) {
      for (const event of page) yield { event, place: undefined };
    }
  }

  /** Returns the first revision of a stream after a position, by binary search: positions grow with revisions. */
  private async revisionAfter(stream: string, after: number): Promise<number> {
    const isBehind = async (revision: number) => {
      const [event] = await this.store.readStream(stream, revision, 1);
      return event === undefined || event.position > after;
    };
    if (after === START || (await isBehind(0))) return 0;
    let known = 0;
    let step = 1;
    while (!(await isBehind(known + step))) {
      known += step;
      step *= 2;
    }
    let behind = known + step;
    while (behind - known > 1) {
      const middle = Math.floor((known + behind) / 2);
      if (await isBehind(middle)) behind = middle;
      else known = middle;
    }
    return behind;
  }

  /** Whether an event is a fact of the user, a void of one of their sessions, or on their account. */
  private async isOf(event: StoredEvent, userId: string): Promise<boolean> {
    if (event.stream === accountStream(userId)) return true;
    if (event.type === LEDGER_EVENTS.sessionVoided) {
      // The fact before the void says whose session it was. No session is voided twice in a row.
      const [before] = await this.store.readStream(event.stream, event.revision - 1, 1);
      return before !== undefined && namesUser(before, userId);
    }
    return namesUser(event, userId);
  }

  private async view({ event, place }: Found): Promise<EventView> {
    // The leaf has the stamp of the instance that recorded the event. What people see never goes back.
    const { index, recordedAt } = place ?? (await this.ledgerIndex.floor(event.position))!;
    const { position, stream, type, body } = event;
    return {
      position: String(position),
      index,
      stream,
      type,
      recorded_at: printInstant(recordedAt),
      event: JSON.parse(body) as unknown,
      leaf: leafText(event),
    };
  }
}

/** Whether an event is a fact that names a user. Parses only bodies that contain the name. */
function namesUser(event: StoredEvent, userId: string): boolean {
  if (!event.stream.startsWith(sessionStream('')) || !event.body.includes(userId)) return false;
  return userOfFact(event) === userId;
}
