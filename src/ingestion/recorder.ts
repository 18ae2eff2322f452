import type { Refusal } from '../domain/errors';
import { factKey, sessionStream, type Fact } from '../domain/events/facts';
import {
  contentDigest,
  deterministicId,
  differingFields,
  readFact,
  writeFact,
} from '../domain/events/stored';
import { LEDGER_EVENTS } from '../domain/ledger';
import {
  decide,
  emptySession,
  evolve,
  evolveVoided,
  type KnownFact,
} from '../domain/session/session';
import { StoreError } from '../event-store/errors';
import {
  NO_STREAM,
  type EventStore,
  type NewEvent,
  type Position,
  type StoredEvent,
} from '../event-store/port';
import { SessionCache, type CachedSession } from './session-cache';

/** What became of a fact. A duplicate's position is that of the first recording. */
export type FactVerdict =
  | { readonly status: 'recorded' | 'duplicate'; readonly position: Position }
  | { readonly status: 'rejected'; readonly refusal: Refusal };

/** The queue of waiting facts is full: nothing of the request was taken. */
export class OverloadedError extends Error {
  constructor() {
    super('Too many events are waiting to be written. Send these again in a second.');
    this.name = 'OverloadedError';
  }
}

interface Request {
  readonly facts: readonly Fact[];
  readonly resolve: (verdicts: readonly FactVerdict[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A fact of the running round, and where its verdict goes. */
interface Pending {
  readonly fact: Fact;
  verdict: (() => FactVerdict) | undefined;
}

/** The facts of one session in a round, in the order sent, and what is to be appended for them. */
interface SessionWork {
  readonly sessionId: string;
  readonly pending: Pending[];
  entry: CachedSession;
  expectedRevision: number;
  fresh: { known: KnownFact; event: NewEvent }[];
}

const ROUND_FACTS = 10_000;
const QUEUE_FACTS = 50_000;
const CACHED_SESSIONS = 50_000;
const CONFLICT_TRIES = 5;
const STREAM_PAGE = 1_000;

/**
 * Records facts of sessions: judges each against what its session was told before, and appends what is new.
 * Waiting requests share an append (group commit). It answers when all it calls recorded is durable; where the
 * store fails, no verdict is given, and sending again is safe.
 */
export class Recorder {
  private readonly cache = new SessionCache(CACHED_SESSIONS);
  private queue: Request[] = [];
  private queuedFacts = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  private gate: Promise<void> = Promise.resolve();
  private round: Promise<void> = Promise.resolve();

  /**
   * @param clock milliseconds since 1970.
   * @param lastStamp the recorded time of the ledger's last event: recorded time never goes back.
   */
  constructor(
    private readonly store: EventStore,
    private readonly clock: () => number,
    private lastStamp = 0,
  ) {}

  /**
   * One verdict a fact, in order.
   * @throws OverloadedError where the queue is full; StoreError where the store could not take the facts.
   */
  record(facts: readonly Fact[]): Promise<readonly FactVerdict[]> {
    if (this.closed) {
      return Promise.reject(new StoreError('unavailable', 'The service is stopping. Send again.'));
    }
    if (facts.length === 0) return Promise.resolve([]);
    if (this.queuedFacts > 0 && this.queuedFacts + facts.length > QUEUE_FACTS) {
      return Promise.reject(new OverloadedError());
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ facts, resolve, reject });
      this.queuedFacts += facts.length;
      this.running ??= this.drain();
    });
  }

  /** The position of the ledger's last event. */
  head(): Promise<Position> {
    return this.store.head();
  }

  /** Takes nothing more; resolves when what was taken has its verdict. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async drain(): Promise<void> {
    // Requests that arrive in this turn of the event loop share the first round.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      await this.gateOpen();
      this.round = this.runRound(this.takeRound());
      await this.round;
    }
    this.running = undefined;
  }

  /** Resolves, without a pause after it, when no exclusive work is running or waiting. */
  private async gateOpen(): Promise<void> {
    for (let checked; checked !== this.gate;) {
      checked = this.gate;
      await checked;
    }
  }

  /**
   * Runs work while no fact is being appended: one at a time, in the order asked for. Facts that are sent
   * meanwhile wait, and are judged after it.
   */
  async exclusively<T>(work: (stamp: () => number) => Promise<T>): Promise<T> {
    const before = this.gate;
    let open!: () => void;
    this.gate = new Promise((resolve) => (open = resolve));
    try {
      await before;
      await this.round;
      return await work(() => this.stamp());
    } finally {
      open();
    }
  }

  /** From now on nothing is recorded at or before a time: the state as of it stays what it is. */
  stampAfter(time: number): Promise<void> {
    return this.exclusively(() => {
      this.lastStamp = Math.max(this.lastStamp, time + 1);
      return Promise.resolve();
    });
  }

  /** What is known of a session is to be read again: its stream was written by another hand. */
  forget(sessionId: string): void {
    this.cache.forget(sessionId);
  }

  private takeRound(): Request[] {
    let count = 0;
    let end = 0;
    while (end < this.queue.length) {
      count += this.queue[end]!.facts.length;
      if (end > 0 && count > ROUND_FACTS) break;
      end += 1;
    }
    const round = this.queue.slice(0, end);
    this.queue = this.queue.slice(end);
    for (const request of round) this.queuedFacts -= request.facts.length;
    return round;
  }

  private async runRound(round: readonly Request[]): Promise<void> {
    const pending = round.map((request) =>
      request.facts.map((fact): Pending => ({ fact, verdict: undefined })),
    );
    const groups = groupBySession(pending.flat());
    try {
      await this.settle(groups);
    } catch (error) {
      // What was written is unknown: the next round reads these sessions anew.
      for (const sessionId of groups.keys()) this.cache.forget(sessionId);
      for (const request of round) request.reject(error);
      return;
    }
    for (const [index, request] of round.entries()) {
      try {
        const verdicts: FactVerdict[] = [];
        for (const one of pending[index]!)
          verdicts.push(await this.explain(one.fact, one.verdict!()));
        request.resolve(verdicts);
      } catch (error) {
        request.reject(error);
      }
    }
  }

  /** Where a source and id were used before: names the fields in which the two facts differ. */
  private async explain(fact: Fact, verdict: FactVerdict): Promise<FactVerdict> {
    if (verdict.status !== 'rejected' || verdict.refusal.code !== 'event_id_reused') return verdict;
    for await (const event of this.streamOf(fact.data.session_id)) {
      const first = readFact(event.type, event.body);
      if (first === undefined || factKey(first) !== factKey(fact)) continue;
      return {
        status: 'rejected',
        refusal: { ...verdict.refusal, fields: differingFields(first, fact) },
      };
    }
    return verdict;
  }

  /** Judges and appends; the sessions that another writer got ahead of are judged again. */
  private async settle(groups: Map<string, Pending[]>): Promise<void> {
    let open = [...groups];
    for (let tries = 0; tries < CONFLICT_TRIES && open.length > 0; tries += 1) {
      const works: SessionWork[] = [];
      for (const [sessionId, pending] of open) works.push(await this.judge(sessionId, pending));
      const writing = works.filter((work) => work.fresh.length > 0);
      const outcomes =
        writing.length === 0
          ? []
          : await this.store.append(
              writing.map((work) => ({
                stream: sessionStream(work.sessionId),
                expectedRevision: work.expectedRevision,
                events: work.fresh.map((one) => one.event),
              })),
            );
      open = [];
      outcomes.forEach((outcome, index) => {
        const work = writing[index]!;
        if (outcome.status === 'conflict') {
          this.cache.forget(work.sessionId);
          open.push([work.sessionId, work.pending]);
        } else {
          work.fresh.forEach((one, place) => (one.known.position = outcome.positions[place]));
          work.entry.revision = work.expectedRevision + work.fresh.length;
        }
      });
    }
    if (open.length > 0) {
      throw new StoreError('unavailable', 'Others keep writing to the same session. Send again.');
    }
  }

  private async judge(sessionId: string, pending: Pending[]): Promise<SessionWork> {
    const entry = this.cache.get(sessionId) ?? (await this.load(sessionId));
    const work: SessionWork = {
      sessionId,
      pending,
      entry,
      expectedRevision: entry.revision,
      fresh: [],
    };
    for (const one of pending) one.verdict = this.judgeOne(work, one.fact);
    return work;
  }

  private judgeOne(work: SessionWork, fact: Fact): () => FactVerdict {
    const verdict = decide(work.entry.state, fact);
    if (verdict.status === 'rejected') return () => verdict;
    if (verdict.status === 'duplicate') {
      return () => ({ status: 'duplicate', position: verdict.first.position as Position });
    }
    const known: KnownFact = { digest: verdict.digest, position: undefined };
    evolve(work.entry.state, fact, known);
    work.fresh.push({ known, event: this.toEvent(work.sessionId, fact) });
    return () => ({ status: 'recorded', position: known.position as Position });
  }

  private toEvent(sessionId: string, fact: Fact): NewEvent {
    const id = deterministicId(sessionStream(sessionId), fact.source, fact.id);
    return { id, ...writeFact(fact), recordedAt: this.stamp() };
  }

  /** The recorded time of the next event: it never goes back, whatever the clock does. */
  private stamp(): number {
    return (this.lastStamp = Math.max(this.lastStamp, this.clock()));
  }

  private async load(sessionId: string): Promise<CachedSession> {
    const entry: CachedSession = { state: emptySession(), revision: NO_STREAM };
    for await (const event of this.streamOf(sessionId)) {
      const fact = readFact(event.type, event.body);
      if (fact !== undefined) {
        evolve(entry.state, fact, { digest: contentDigest(fact), position: event.position });
      } else if (event.type === LEDGER_EVENTS.sessionVoided) {
        evolveVoided(entry.state);
      }
      entry.revision = event.revision;
    }
    this.cache.set(sessionId, entry);
    return entry;
  }

  /** The session's events, page by page. */
  private async *streamOf(sessionId: string): AsyncGenerator<StoredEvent> {
    for (let from = 0; ; from += STREAM_PAGE) {
      const page = await this.store.readStream(sessionStream(sessionId), from, STREAM_PAGE);
      for (const event of page) yield event;
      if (page.length < STREAM_PAGE) return;
    }
  }
}

function groupBySession(pending: readonly Pending[]): Map<string, Pending[]> {
  const groups = new Map<string, Pending[]>();
  for (const one of pending) {
    const group = groups.get(one.fact.data.session_id);
    if (group === undefined) groups.set(one.fact.data.session_id, [one]);
    else group.push(one);
  }
  return groups;
}
