import type { Kysely } from 'kysely';

import { readAgreement, type Agreement } from '../domain/account/agreement';
import { sessionStream } from '../domain/events/facts';
import { userOfFact } from '../domain/events/stored';
import {
  accountStream,
  cardStream,
  LEDGER_EVENTS,
  LEDGER_STREAM,
  periodStream,
  planStream,
} from '../domain/ledger';
import { charactersOf, streamPages } from '../event-store/pages';
import { PAGE_CHARACTERS, type EventReader, type StoredEvent } from '../event-store/port';
import type { BoundedMap } from '../lib/bounded-map';
import { mapSideBySide } from '../ledger/side-by-side';
import { BillingFold, segments, type Place as FoldPlace } from '../projections/billing-fold';
import type { Pace } from '../projections/pace';
import type { ReadModelSnapshot } from '../read-model/queries';
import { NOTHING_READ, type Checkpoint, type RowStore } from '../read-model/rows';
import type { Place } from './places';
import { OrderedEvents } from './ordered-events';

/** How many streams are read at once. Each read is a network round trip if the store is on a server. */
const STREAMS_AT_ONCE = 32;
/** After how many streams other work gets a turn. */
const STREAMS = 256;

type Store = Pick<EventReader, 'readStream'>;

/** The users that a session's facts named before its last void, by session and number of voids. This never changes. */
export type FormerUsers = BoundedMap<string, ReadonlySet<string>>;

/** What the past state of some users depends on: the streams to read, and what closes counted. */
export interface Narrowed {
  readonly agreement: Agreement;
  readonly sessions: readonly string[];
  readonly users: readonly string[];
}

/** Returns the users that a session's facts named up to a position. */
export async function usersOfSession(
  store: Store,
  sessionId: string,
  { position }: { readonly position: number },
): Promise<string[]> {
  const users = new Set<string>();
  for await (const page of pagesUpTo(store, sessionStream(sessionId), position)) {
    for (const event of page) {
      const user = userOfFact(event);
      if (user !== undefined) users.add(user);
    }
  }
  return [...users].sort();
}

/**
 * Finds the events on which the state of some users depends: their own and finance's, not the whole ledger's.
 * @param live the live read model, at or past the position. It knows who owns a session, and which streams finance
 * wrote.
 */
export async function narrow(
  store: Store,
  live: ReadModelSnapshot,
  users: readonly string[],
  former: FormerUsers,
): Promise<Narrowed | undefined> {
  const standing = await live.standing();
  if (standing === undefined) return undefined;
  const sessions = new Set<string>();
  for (const user of users) for (const id of await live.userSessions(user)) sessions.add(id);
  if (users.length > 0) {
    // A voided session may have belonged to another user before.
    for (const { session_id, voids } of await live.voidedSessions()) {
      if (sessions.has(session_id)) continue;
      const named = await usersBefore(store, session_id, voids, former);
      if (users.some((user) => named.has(user))) sessions.add(session_id);
    }
  }
  const agreement = readAgreement(standing.agreement);
  return { agreement, sessions: [...sessions], users };
}

/**
 * Fills a read model with the past state of some users. The read model also gets rows of other users, from sessions
 * that changed hands; ignore those rows.
 */
export async function fillNarrowed(
  { store, openOrdered, pace }: { store: Store; openOrdered: <T>() => Kysely<T>; pace: Pace },
  { agreement, sessions, users }: Narrowed,
  place: Place,
  rows: RowStore,
): Promise<void> {
  const ordered = await OrderedEvents.make(openOrdered);
  try {
    // A close takes effect where its count ends, even if others recorded between that point and the close
    // (docs/adr/0012).
    const closes = new Map(agreement.closes.map((close) => [close.position, close]));
    const placeOf = ({ position }: StoredEvent) => closes.get(position)?.counted;
    const streams = [...streamsOf(agreement, users), ...sessions.map(sessionStream)];
    for (let from = 0; from < streams.length; from += STREAMS) {
      const some = streams.slice(from, from + STREAMS);
      let read: StoredEvent[] = [];
      let characters = 0;
      const note = async () => {
        const noted = read;
        read = [];
        characters = 0;
        await ordered.add(noted, placeOf);
      };
      await mapSideBySide(some, STREAMS_AT_ONCE, async (stream) => {
        for await (const page of pagesUpTo(store, stream, place.position)) {
          read.push(...page);
          characters += charactersOf(page);
          if (characters >= PAGE_CHARACTERS) await note();
        }
      });
      await note();
      await pace.rest();
    }
    await fold(store, ordered, closes, place, rows, pace);
  } finally {
    await ordered.close();
  }
}

/** Returns the streams other than sessions: those of the ledger as a whole, and the users' accounts. */
function streamsOf(
  { cards, plans, closes }: Agreement,
  users: readonly string[],
): ReadonlySet<string> {
  return new Set([
    LEDGER_STREAM,
    ...cards.map((card) => cardStream(card.currency)),
    ...Object.keys(plans).map(planStream),
    ...closes.map((close) => periodStream(close.period)),
    ...users.map(accountStream),
  ]);
}

async function fold(
  store: Store,
  ordered: OrderedEvents,
  closes: ReadonlyMap<number, Agreement['closes'][number]>,
  place: Place,
  rows: RowStore,
  pace: Pace,
): Promise<void> {
  const folding = new BillingFold(store, rows);
  let checkpoint: Checkpoint = NOTHING_READ;
  for (;;) {
    const events = await ordered.next(pace.pageSize());
    if (events.length === 0) break;
    for (const segment of segments(events)) {
      const close = closes.get(segment[0]!.position);
      // Only some events are present, so an event's index in the ledger is given, not counted.
      const amid: FoldPlace = { index: close?.size ?? 0, counted: close?.counted ?? 0 };
      const { changes, next } = await folding.fold(segment, checkpoint, amid);
      await rows.commit(changes, next, checkpoint.position);
      checkpoint = next;
    }
    await pace.rest();
  }
  const { changes, next } = await folding.pass([], checkpoint);
  const { position, size, now: recorded_at } = place;
  await rows.commit(changes, { ...next, position, size, recorded_at }, checkpoint.position);
}

async function usersBefore(
  store: Store,
  sessionId: string,
  voids: number,
  former: FormerUsers,
): Promise<ReadonlySet<string>> {
  const key = `${sessionId} ${voids}`;
  const known = former.get(key);
  if (known !== undefined) return known;
  const users = new Set<string>();
  const sinceVoid = new Set<string>();
  for await (const page of streamPages(store, sessionStream(sessionId))) {
    for (const event of page) {
      const user = userOfFact(event);
      if (user !== undefined) sinceVoid.add(user);
      if (event.type !== LEDGER_EVENTS.sessionVoided) continue;
      for (const one of sinceVoid) users.add(one);
      sinceVoid.clear();
    }
  }
  former.set(key, users);
  return users;
}

/** Yields a stream's events up to a position, page by page. */
async function* pagesUpTo(
  store: Store,
  stream: string,
  position: number,
): AsyncGenerator<readonly StoredEvent[]> {
  for await (const page of streamPages(store, stream)) {
    const events = page.filter((event) => event.position <= position);
    if (events.length > 0) yield events;
    if (events.length < page.length) return;
  }
}
