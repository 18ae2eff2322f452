import { setImmediate as turn } from 'node:timers/promises';

import type { Kysely } from 'kysely';

import { readAgreement, type Agreement } from '../domain/account/agreement';
import { boundsOf } from '../domain/account/terms';
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
import { BoundedMap } from '../lib/bounded-map';
import { mapSideBySide } from '../ledger/side-by-side';
import { BillingFold, segments, type Place as FoldPlace } from '../projections/billing-fold';
import type { Pace } from '../projections/pace';
import type { ReadModel, ReadModelSnapshot } from '../read-model/queries';
import { NOTHING_READ, type Checkpoint, type RowStore } from '../read-model/rows';
import type { Place } from './places';
import { OrderedEvents } from './ordered-events';

/** How many streams are read at once. Each read is a network round trip if the store is on a server. */
const STREAMS_AT_ONCE = 32;
/** After how many streams other work gets a turn. */
const STREAMS = 256;
/** How many sessions' former users are remembered. */
const FORMER_KEPT = 20_000;

type Store = Pick<EventReader, 'readStream'>;

/** The users that a session's facts named before its last void, by session and number of voids. This never changes. */
export type FormerUsers = BoundedMap<string, ReadonlySet<string>>;

export const noFormerUsers = (): FormerUsers => new BoundedMap(FORMER_KEPT);

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
  const sessions = await sessionsThatNamed(store, await ownedBy(live, users), users, former);
  return { agreement: readAgreement(standing.agreement), sessions, users };
}

/**
 * Returns the sessions in which a fact names a user, even if they have another user since a void. The read model is not
 * kept open while the event store is read.
 */
export async function sessionsNaming(
  store: Store,
  readModel: ReadModel,
  userId: string,
  former = noFormerUsers(),
): Promise<readonly string[]> {
  const users = [userId];
  const owned = await readModel.read((live) => ownedBy(live, users));
  return sessionsThatNamed(store, owned, users, former);
}

/** The sessions that users own, and all sessions that were voided: those may have belonged to them before. */
interface Owned {
  readonly sessions: ReadonlySet<string>;
  readonly voided: Awaited<ReturnType<ReadModelSnapshot['voidedSessions']>>;
}

async function ownedBy(live: ReadModelSnapshot, users: readonly string[]): Promise<Owned> {
  const sessions = new Set<string>();
  for (const user of users) for (const id of await live.userSessions(user)) sessions.add(id);
  return { sessions, voided: users.length === 0 ? [] : await live.voidedSessions() };
}

async function sessionsThatNamed(
  store: Store,
  owned: Owned,
  users: readonly string[],
  former: FormerUsers,
): Promise<string[]> {
  const sessions = new Set(owned.sessions);
  const others = owned.voided.filter(({ session_id }) => !sessions.has(session_id));
  for (let from = 0; from < others.length; from += STREAMS_AT_ONCE) {
    // A read from a file does not wait, so others would not get a turn.
    await turn();
    const some = others.slice(from, from + STREAMS_AT_ONCE);
    await mapSideBySide(some, STREAMS_AT_ONCE, async ({ session_id, voids }) => {
      const named = await usersBefore(store, session_id, voids, former);
      if (users.some((user) => named.has(user))) sessions.add(session_id);
    });
  }
  return [...sessions];
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
  // A close after this place does not count yet.
  const known = [...closes.values()].filter(({ position }) => position <= place.position);
  const ahead = known.map(boundsOf);
  const folding = new BillingFold(store, rows, { ahead });
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
