import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import type { Refusal } from '../domain/errors';
import { factKey, sessionStream, type Fact } from '../domain/events/facts';
import {
  contentDigest,
  differingFields,
  readFact,
  unknownType,
  writeFact,
} from '../domain/events/stored';
import { LEDGER_EVENTS } from '../domain/ledger';
import {
  decide,
  emptySession,
  evolve,
  evolveVoided,
  voided,
  type KnownFact,
  type SessionWriteState,
} from '../domain/session/session';
import { StoreError } from '../event-store/errors';
import { streamPages } from '../event-store/pages';
import {
  NO_STREAM,
  type EventStore,
  type NewEvent,
  type Position,
  type StreamEvent,
} from '../event-store/port';
import { Backoff } from '../lib/backoff';
import { BoundedMap } from '../lib/bounded-map';
import { groupBy } from '../lib/group-by';
import { mapInTurns } from '../lib/in-turns';
import type { SealingKeys } from '../personal/personal-keys';
import { FactSealer } from './fact-sealer';
import { mapSideBySide } from './side-by-side';

/** What became of a fact. A duplicate has the position of the first recording. */
export type FactVerdict =
  | { readonly status: 'recorded' | 'duplicate'; readonly position: Position }
  | { readonly status: 'rejected'; readonly refusal: Refusal };

/** The refusal of a fact whose source and id already name another fact. */
export type IdReused = Extract<FactVerdict, { readonly status: 'rejected' }>;

export function isIdReused(verdict: FactVerdict): verdict is IdReused {
  return verdict.status === 'rejected' && verdict.refusal.code === 'event_id_reused';
}

/** A fact whose source and id are reused, and the refusal to be explained. */
export interface Reused {
  readonly fact: Fact;
  readonly verdict: IdReused;
}

/** How many events of a session are read without a pause. */
const EVENTS_A_TURN = 500;

/** A fact of the running round, with its verdict once there is one. */
export interface Pending {
  readonly fact: Fact;
  verdict: (() => FactVerdict) | undefined;
  /** Whether it is written. Its verdict then stands, whatever becomes of the session's other facts. */
  written: boolean;
  /** Why the store did not write it. It then has no verdict. */
  error: StoreError | undefined;
  /** Whether its event has more bytes than the store takes in one append. */
  isTooLarge?: boolean;
}

/**
 * The refusal of an event that the store can't take. Data are bounded far below any store's limit, so it is the
 * extension attributes that are too large.
 */
const TOO_LARGE: Refusal = {
  code: 'invalid_attribute',
  detail:
    "The event is too large for the ledger's event store, because of its extension attributes: send fewer or shorter ones.",
};

/** A fact to be appended. */
interface Fresh {
  readonly pending: Pending;
  readonly known: KnownFact;
  /** Made right before it is appended. */
  event: NewEvent | undefined;
}

/** A session's state as of a revision of its stream. */
interface CachedSession {
  readonly state: SessionWriteState;
  /** The revision of the last event in the stream; -1 if there is no stream. */
  revision: number;
}

/** The facts of one session in a round, in the order sent, and those to be appended. */
interface SessionWork {
  readonly sessionId: string;
  readonly pending: readonly Pending[];
  readonly entry: CachedSession;
  /** The facts that are not written yet. */
  fresh: Fresh[];
}

/** Sessions whose facts were not all written. */
interface ToJudgeAgain {
  /** Another writer wrote to them first. */
  readonly conflicts: readonly SessionWork[];
  /** One of their facts is too large. Each try marks at least one more such fact. */
  readonly tooLarge: readonly SessionWork[];
}

/** How many sessions are cached by default, at about a kilobyte each. */
const CACHED_SESSIONS = 8_000;
const CONFLICT_TRIES = 5;
const CONFLICT_PAUSES = { firstMs: 20, mostMs: 500 };
const STREAM_PAGE = 1_000;
const READS_AT_A_TIME = 64;

/**
 * Judges the facts of sessions against their earlier facts, and appends the new ones. Concurrent calls that name the
 * same session take turns, in the order of the calls.
 */
export class SessionWriter {
  /** Only saves reading: the append checks the revision. */
  private readonly cache: BoundedMap<string, CachedSession>;
  /** For each session being written, resolves when the last call that names the session has ended. */
  private readonly writing = new Map<string, Promise<void>>();

  private readonly sealer: FactSealer;

  /** @param stamp returns the recorded time of the next event, in milliseconds since 1970. */
  constructor(
    private readonly store: EventStore,
    private readonly stamp: () => number,
    keys: SealingKeys,
    cachedSessions = CACHED_SESSIONS,
  ) {
    this.sealer = new FactSealer(keys);
    this.cache = new BoundedMap(cachedSessions);
  }

  /** Forgets a session's cached state. */
  forget(sessionId: string): void {
    this.cache.delete(sessionId);
  }

  /** Forgets the cached state of all sessions, because some of it may have been erased. */
  forgetAll(): void {
    this.cache.clear();
    this.sealer.forgetKeys();
  }

  /** Forgets cached keys, because another instance may have destroyed them. */
  forgetKeys(): void {
    this.sealer.forgetKeys();
  }

  /**
   * Gives each fact its verdict, or the store's error for its session. A fact that it reports as recorded is durable.
   * @throws StoreError if the store wrote nothing, or if the outcome is unknown.
   */
  async settle(facts: readonly Pending[]): Promise<void> {
    const free = new Map<string, readonly Pending[]>();
    const busy = new Map<string, readonly Pending[]>();
    const before = new Set<Promise<void>>();
    for (const [sessionId, pending] of groupBy(facts, ({ fact }) => fact.data.session_id)) {
      const writing = this.writing.get(sessionId);
      if (writing !== undefined) before.add(writing);
      (writing === undefined ? free : busy).set(sessionId, pending);
    }
    const turns = [this.takeTurn(free, []), this.takeTurn(busy, [...before])];
    for (const turn of await Promise.allSettled(turns)) {
      if (turn.status === 'rejected') throw turn.reason;
    }
  }

  /** Settles sessions once the earlier calls that name them have ended. Later calls wait for this one. */
  private async takeTurn(
    groups: ReadonlyMap<string, readonly Pending[]>,
    before: readonly Promise<void>[],
  ): Promise<void> {
    if (groups.size === 0) return;
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    for (const sessionId of groups.keys()) this.writing.set(sessionId, ended);
    try {
      if (before.length > 0) await Promise.all(before);
      await this.settleSessions(groups);
    } catch (error) {
      // It is unknown what was written, so these sessions are read again.
      for (const sessionId of groups.keys()) this.cache.delete(sessionId);
      throw error;
    } finally {
      for (const sessionId of groups.keys()) {
        if (this.writing.get(sessionId) === ended) this.writing.delete(sessionId);
      }
      end();
    }
  }

  /**
   * Names the fields in which facts of one session differ from the first recorded fact with their source and id. If no
   * field differs any more, because the recorded personal values have been erased since, the fact is a duplicate, or
   * voided.
   */
  async explain(
    sessionId: string,
    reused: readonly Reused[],
  ): Promise<ReadonlyMap<Fact, FactVerdict>> {
    const verdicts = new Map<Fact, FactVerdict>(reused.map(({ fact, verdict }) => [fact, verdict]));
    const unread = groupBy(reused, ({ fact }) => factKey(fact));
    let same: Fact[] = [];
    let read = 0;
    for await (const event of this.streamOf(sessionId)) {
      read += 1;
      if (read % EVENTS_A_TURN === 0) await setImmediate();
      if (event.type === LEDGER_EVENTS.sessionVoided) {
        for (const fact of same) verdicts.set(fact, voided());
        same = [];
      }
      const first = readFact(event.type, event.body);
      if (first === undefined) continue;
      const alike = unread.get(factKey(first));
      if (alike === undefined) continue;
      unread.delete(factKey(first));
      const opened = await this.sealer.open(first);
      for (const { fact, verdict } of alike) {
        const fields = differingFields(first, opened, fact);
        if (fields.length > 0) {
          verdicts.set(fact, { status: 'rejected', refusal: { ...verdict.refusal, fields } });
        } else {
          verdicts.set(fact, { status: 'duplicate', position: event.acknowledged });
          same.push(fact);
        }
      }
    }
    return verdicts;
  }

  /**
   * Judges and appends. To save reading, an unknown session is taken for a new one, as most are; the append finds out
   * if it was not. Such sessions, and those that another writer wrote to first, are read and judged again.
   */
  private async settleSessions(groups: ReadonlyMap<string, readonly Pending[]>): Promise<void> {
    let works = await mapInTurns([...groups], ([sessionId, pending]) =>
      this.judge(sessionId, pending, this.cache.get(sessionId) ?? this.newSession(sessionId)),
    );
    const outdated = await this.outdated(works);
    const backoff = new Backoff(CONFLICT_PAUSES);
    for (let tries = 1; ;) {
      const written = await this.write(works);
      const conflicts = tries === 1 ? [...written.conflicts, ...outdated] : written.conflicts;
      const again = [...written.tooLarge];
      if (conflicts.length > 0 && tries >= CONFLICT_TRIES) {
        for (const work of conflicts) noteFailed(work, outpaced());
      } else again.push(...conflicts);
      if (again.length === 0) return;
      if (conflicts.length > 0) {
        // A server may answer that somebody else has written before it lets us read what.
        if (tries > 1) await backoff.pause();
        tries += 1;
      }
      works = await mapSideBySide(again, READS_AT_A_TIME, async ({ sessionId, pending }) =>
        this.judge(sessionId, pending, await this.load(sessionId)),
      );
    }
  }

  /**
   * Returns the sessions that have nothing to append, so that their verdicts rest on cached state alone, but that
   * another process has written to since. That process may have voided the session, and its facts are then judged
   * differently.
   */
  private async outdated(works: readonly SessionWork[]): Promise<SessionWork[]> {
    if (!this.store.shared) return [];
    const silent = works.filter((work) => work.fresh.length === 0);
    const found = await mapSideBySide(silent, READS_AT_A_TIME, async (work) => {
      const next = work.entry.revision + 1;
      return (await this.store.readStream(sessionStream(work.sessionId), next, 1)).length > 0;
    });
    return silent.filter((_, index) => found[index]);
  }

  /** Appends the new facts. Returns the sessions to judge again. */
  private async write(works: readonly SessionWork[]): Promise<ToJudgeAgain> {
    const conflicts: SessionWork[] = [];
    const tooLarge: SessionWork[] = [];
    let writing = works.filter((work) => work.fresh.length > 0);
    await this.makeEvents(writing);
    // Their sessions are judged again, without the events that are too large.
    for (const work of writing.filter((one) => this.marksTooLarge(one.fresh))) {
      this.cache.delete(work.sessionId);
      work.fresh = [];
      tooLarge.push(work);
    }
    writing = writing.filter((work) => work.fresh.length > 0);
    while (writing.length > 0) {
      const parts = writing.map((work) => this.nextPart(work.fresh));
      const outcomes = await this.store.append(
        writing.map(({ sessionId, entry }, index) => ({
          stream: sessionStream(sessionId),
          expectedRevision: entry.revision,
          events: parts[index]!.map((one) => one.event!),
        })),
      );
      outcomes.forEach((outcome, index) => {
        const work = writing[index]!;
        if (outcome.status === 'appended') {
          noteWritten(work, parts[index]!, outcome.positions);
          return;
        }
        this.cache.delete(work.sessionId);
        work.fresh = [];
        if (outcome.status === 'conflict') conflicts.push(work);
        else noteFailed(work, outcome.error);
      });
      writing = writing.filter((work) => work.fresh.length > 0);
    }
    return { conflicts, tooLarge };
  }

  /** Marks the facts whose events the store can't take. Returns whether there is one. */
  private marksTooLarge(fresh: readonly Fresh[]): boolean {
    const { maxAppendBytes } = this.store;
    if (maxAppendBytes === undefined) return false;
    const large = fresh.filter(({ event }) => Buffer.byteLength(event!.body) > maxAppendBytes);
    for (const { pending } of large) pending.isTooLarge = true;
    return large.length > 0;
  }

  /**
   * Returns as many of a session's facts as fit into one append: nearly always all of them, and at least one, because
   * none is too large by itself.
   */
  private nextPart(fresh: readonly Fresh[]): readonly Fresh[] {
    const { maxAppendBytes } = this.store;
    if (maxAppendBytes === undefined) return fresh;
    let bytes = 0;
    const end = fresh.findIndex(({ event }) => {
      bytes += Buffer.byteLength(event!.body);
      return bytes > maxAppendBytes;
    });
    return end < 0 ? fresh : fresh.slice(0, end);
  }

  private judge(sessionId: string, pending: readonly Pending[], entry: CachedSession): SessionWork {
    const work: SessionWork = { sessionId, pending, entry, fresh: [] };
    for (const one of pending) if (!one.written) one.verdict = this.judgeOne(work, one);
    return work;
  }

  private judgeOne(work: SessionWork, pending: Pending): () => FactVerdict {
    const { fact } = pending;
    if (pending.isTooLarge === true) return () => ({ status: 'rejected', refusal: TOO_LARGE });
    const verdict = decide(work.entry.state, fact);
    if (verdict.status === 'rejected') return () => verdict;
    if (verdict.status === 'duplicate') {
      return () => ({ status: 'duplicate', position: verdict.first.position as Position });
    }
    const { digest, personal } = verdict;
    const known: KnownFact = { digest, personal, position: undefined };
    evolve(work.entry.state, fact, known);
    work.fresh.push({ pending, known, event: undefined });
    return () => ({ status: 'recorded', position: known.position as Position });
  }

  /**
   * Makes the events to be appended, sealed under keys that are already durable. An event gets a new id each time it
   * is decided to append it: a store takes two events with one id for the same event, without comparing them.
   */
  private async makeEvents(works: readonly SessionWork[]): Promise<void> {
    const fresh = works.flatMap((work) => work.fresh);
    const keys = await this.sealer.keysFor(fresh.map(({ pending }) => pending.fact));
    await mapInTurns(fresh, (one) => {
      const stored = writeFact(this.sealer.seal(one.pending.fact, keys));
      one.event = { id: randomUUID(), ...stored, recordedAt: this.stamp() };
    });
  }

  private newSession(sessionId: string): CachedSession {
    const entry = unknownSession();
    this.cache.set(sessionId, entry);
    return entry;
  }

  private async load(sessionId: string): Promise<CachedSession> {
    const entry = unknownSession();
    for await (const event of this.streamOf(sessionId)) {
      const fact = readFact(event.type, event.body);
      if (fact !== undefined) {
        evolve(entry.state, fact, {
          digest: contentDigest(fact),
          personal: await this.sealer.digestOf(fact),
          position: event.acknowledged,
        });
      } else if (event.type === LEDGER_EVENTS.sessionVoided) {
        evolveVoided(entry.state);
      } else throw unknownType(event);
      entry.revision = event.revision;
    }
    this.cache.set(sessionId, entry);
    return entry;
  }

  /** Yields the session's events, page by page. */
  private async *streamOf(sessionId: string): AsyncGenerator<StreamEvent> {
    const stream = sessionStream(sessionId);
    for await (const page of streamPages(this.store, stream, 0, STREAM_PAGE)) yield* page;
  }
}

function unknownSession(): CachedSession {
  return { state: emptySession(), revision: NO_STREAM };
}

function outpaced(): StoreError {
  return new StoreError(
    'unavailable',
    'Others keep writing to the same session. Send the events again.',
  );
}

function noteWritten(
  work: SessionWork,
  part: readonly Fresh[],
  positions: readonly Position[],
): void {
  part.forEach((one, place) => {
    one.known.position = positions[place];
    one.pending.written = true;
  });
  work.entry.revision += part.length;
  work.fresh = work.fresh.slice(part.length);
}

function noteFailed(work: SessionWork, error: StoreError): void {
  for (const one of work.pending) if (!one.written) one.error = error;
}
