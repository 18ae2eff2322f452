import { setTimeout as sleep } from 'node:timers/promises';

import type { Fact } from '../domain/events/facts';
import { StoreError } from '../event-store/errors';
import type { EventStore, Position } from '../event-store/port';
import { Problem } from '../http/problem';
import type { SealingKeys } from '../personal/personal-keys';
import { OPEN_GATE, type Alone, type AppendGate } from './append-gate';
import { groupBy } from '../lib/group-by';
import { mapInTurns } from '../lib/in-turns';
import { isIdReused, SessionWriter, type FactVerdict, type Pending } from './session-writer';

/** The queue of waiting facts is full. None of the request's facts was taken. */
class OverloadedError extends Problem {
  constructor() {
    super('overloaded', 'Too many events are waiting to be written. Send these again in a second.');
    this.name = 'OverloadedError';
  }
}

interface Request {
  readonly facts: readonly Fact[];
  readonly resolve: (verdicts: readonly FactVerdict[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A time up to which nothing more may be recorded, and the work that makes sure of it. */
interface Settling {
  time: number;
  readonly done: Promise<void>;
}

const ROUND_FACTS = 10_000;
const QUEUE_FACTS = 50_000;
/**
 * The pause between the beginnings of two settlements, in milliseconds. Each one keeps all instances from recording for
 * a moment, and any reader may cause it.
 */
const SETTLE_MS = 250;
/** How many facts are judged and appended without a break, on the serving thread. */
const SLICE_FACTS = 1_000;

/**
 * Records facts of sessions: judges each against the session's earlier facts, and appends the new ones. Waiting
 * requests share an append (group commit). If the store can take several appends at once, several such rounds run at
 * once. A verdict is given once everything reported as recorded is durable. If the store fails, there is no verdict,
 * and sending again is safe.
 */
export class Recorder {
  private readonly writer: SessionWriter;
  private queue: Request[] = [];
  private queuedFacts = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  private gate: Promise<void> = Promise.resolve();
  /** How many pieces of exclusive work run or wait. */
  private exclusives = 0;
  /** The rounds that are running. */
  private readonly rounds = new Set<Promise<void>>();
  /** Nobody records anything at or before this time any more. */
  private settledUpTo = 0;
  /** The settlement of a time that has not begun yet, which later ones join. */
  private settling: Settling | undefined;
  /** When the last one began, on the clock of `performance.now()`. */
  private settlingBegan = -Infinity;
  /** The time after which events must be stamped, as the gate said when this instance last entered it. */
  private othersUpTo = 0;

  /**
   * @param clock milliseconds since 1970.
   * @param keys the keys that seal personal values.
   * @param lastStamp the recorded time of the ledger's last event: recorded time never goes back.
   * @param others the gate shared with other instances that record on the same ledger.
   * @param cachedSessions how many sessions are cached; a session that is not cached is read.
   */
  constructor(
    private readonly store: EventStore,
    private readonly clock: () => number,
    keys: SealingKeys,
    private lastStamp = 0,
    private readonly others: AppendGate = OPEN_GATE,
    cachedSessions?: number,
  ) {
    this.writer = new SessionWriter(store, () => this.stamp(), keys, cachedSessions);
  }

  /**
   * Returns one verdict per fact, in order.
   * @throws OverloadedError if the queue is full; StoreError if the store could not write the facts.
   */
  record(facts: readonly Fact[]): Promise<readonly FactVerdict[]> {
    if (this.closed) {
      return Promise.reject(
        new StoreError('unavailable', 'The service is stopping. Send the request again.'),
      );
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

  /** How many facts are queued for an append. */
  get queued(): number {
    return this.queuedFacts;
  }

  /** Returns the position of the ledger's last event. */
  head(): Promise<Position> {
    return this.store.head();
  }

  /** Stops taking facts. Resolves once all those taken have their verdicts. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    await Promise.all(this.rounds);
  }

  private async drain(): Promise<void> {
    // Requests that arrive in this turn of the event loop share the first round.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      await this.gateOpen();
      if (this.queue.length === 0) break;
      if (this.rounds.size < (this.store.appendsAtOnce ?? 1)) this.beginRound();
      else await Promise.race(this.rounds);
    }
    this.running = undefined;
  }

  private beginRound(): void {
    const round = this.runRound(this.takeRound()).finally(() => this.rounds.delete(round));
    this.rounds.add(round);
  }

  /**
   * Resolves once no exclusive work runs or waits. The caller goes on in the same turn of the event loop as the last
   * check, so none can begin in between.
   */
  private async gateOpen(): Promise<void> {
    for (let checked; checked !== this.gate;) {
      checked = this.gate;
      await checked;
    }
  }

  /**
   * Runs work while neither this instance nor another appends a fact: one piece of work at a time, in the order
   * requested. Facts that are sent meanwhile wait, and are judged afterwards.
   * @throws StoreError if other instances can't be made to wait.
   */
  async exclusively<T>(work: (stamp: () => number, alone: Alone) => Promise<T>): Promise<T> {
    const before = this.gate;
    const follows = this.exclusives > 0;
    this.exclusives += 1;
    let open!: () => void;
    this.gate = new Promise((resolve) => (open = resolve));
    try {
      await before;
      // Facts have their turn between two pieces of exclusive work. One after another could keep them out forever.
      if (follows && this.queue.length > 0) this.beginRound();
      await Promise.all(this.rounds);
      return await this.others.exclusively((alone) => {
        this.stampLaterThan(alone.stampAfter);
        return work(() => this.stamp(), alone);
      });
    } finally {
      this.exclusives -= 1;
      open();
    }
  }

  /**
   * Makes sure that from now on nothing is recorded at or before a time, so that the state as of that time is final.
   */
  stampAfter(time: number): Promise<void> {
    if (time <= this.settledUpTo) return Promise.resolve();
    // Many readers may want this at once. They share the settlement that has not begun yet.
    const next = (this.settling ??= this.beginSettling());
    next.time = Math.max(next.time, time);
    return next.done;
  }

  private beginSettling(): Settling {
    const settle = async () => {
      const early = this.settlingBegan + SETTLE_MS - performance.now();
      if (early > 0) await sleep(early);
      await this.exclusively(async (_, alone) => {
        // Whoever comes from now on may want a later time, and waits for the next settlement.
        this.settling = undefined;
        this.settlingBegan = performance.now();
        const { time } = next;
        await alone.settle(time);
        this.stampLaterThan(time);
        this.settledUpTo = Math.max(this.settledUpTo, time);
      });
    };
    const done = settle().finally(() => {
      if (this.settling === next) this.settling = undefined;
    });
    const next: Settling = { time: 0, done };
    return next;
  }

  /** Forgets a session's cached state, because someone else wrote to its stream. */
  forget(sessionId: string): void {
    this.writer.forget(sessionId);
  }

  /** Forgets the cached state of all sessions and the keys of their users, because some of it may have been erased. */
  forgetAll(): void {
    this.writer.forgetAll();
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
      request.facts.map((fact): Pending => ({
        fact,
        verdict: undefined,
        written: false,
        error: undefined,
      })),
    );
    try {
      await this.settle(pending.flat());
    } catch (error) {
      for (const request of round) request.reject(error);
      return;
    }
    for (const [index, request] of round.entries()) {
      await this.verdictsOf(pending[index]!).then(request.resolve, request.reject);
    }
  }

  /**
   * Enters the gate. If another instance ran exclusive work since this one last entered, it may have erased a user, so
   * cached keys are forgotten.
   */
  private async comeIn(): Promise<void> {
    const stampAfter = await this.others.enter();
    this.stampLaterThan(stampAfter);
    if (stampAfter === this.othersUpTo) return;
    this.othersUpTo = stampAfter;
    this.writer.forgetKeys();
  }

  /**
   * Judges and appends facts in slices, so that other work gets a turn. Each slice enters the gate by itself, because
   * the gate may have been lost meanwhile. If a later slice fails, facts that are sent again are recognised by their
   * ids.
   */
  private async settle(pending: readonly Pending[]): Promise<void> {
    for (let from = 0; from < pending.length; from += SLICE_FACTS) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      await this.comeIn();
      const slice = pending.slice(from, from + SLICE_FACTS);
      await this.writer.settle(slice).finally(() => this.others.leave());
    }
  }

  private async verdictsOf(facts: readonly Pending[]): Promise<readonly FactVerdict[]> {
    const verdicts = await mapInTurns(facts, ({ verdict, error }) => {
      if (error !== undefined) throw error;
      return verdict!();
    });
    const reused = verdicts.flatMap((verdict, index) =>
      isIdReused(verdict) ? [{ fact: facts[index]!.fact, verdict }] : [],
    );
    if (reused.length === 0) return verdicts;
    const explained = new Map<Fact, FactVerdict>();
    // Each session is read once, however many of its ids are reused.
    for (const [id, some] of groupBy(reused, ({ fact }) => fact.data.session_id)) {
      for (const [fact, verdict] of await this.writer.explain(id, some))
        explained.set(fact, verdict);
    }
    return verdicts.map((verdict, index) => explained.get(facts[index]!.fact) ?? verdict);
  }

  /** Returns the earliest recorded time that an event can still get, in milliseconds since 1970. */
  earliestStamp(): number {
    return Math.max(this.lastStamp, this.clock());
  }

  /**
   * Notes the recorded time of another instance's event. Its clock may be ahead of ours, and recorded time never goes
   * back.
   */
  stampNotBefore(recordedAt: number): void {
    this.lastStamp = Math.max(this.lastStamp, recordedAt);
  }

  private stampLaterThan(time: number): void {
    this.lastStamp = Math.max(this.lastStamp, time + 1);
  }

  /** Returns the recorded time of the next event. It never goes back, whatever the clock does. */
  private stamp(): number {
    return (this.lastStamp = this.earliestStamp());
  }
}
