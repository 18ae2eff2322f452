import type { Fact } from '../domain/events/facts';
import { StoreError } from '../event-store/errors';
import type { EventStore, Position } from '../event-store/port';
import { Problem } from '../http/problem';
import type { SealingKeys } from '../personal/personal-keys';
import { OPEN_GATE, type Alone, type AppendGate } from './append-gate';
import { mapInTurns } from '../lib/in-turns';
import { isIdReused, SessionWriter, type FactVerdict, type Pending } from './session-writer';

/** The queue of waiting facts is full: nothing of the request was taken. */
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

const ROUND_FACTS = 10_000;
const QUEUE_FACTS = 50_000;
/** How many facts are judged and appended at a stretch, on the thread that serves. */
const SLICE_FACTS = 1_000;

/**
 * Records facts of sessions: judges each against what its session was told before, and appends what is new.
 * Waiting requests share an append (group commit); if the store gains by it, several of these rounds are under way at a
 * time. It answers when all it calls recorded is durable; if the store fails, no verdict is given, and sending again
 * is safe.
 */
export class Recorder {
  private readonly writer: SessionWriter;
  private queue: Request[] = [];
  private queuedFacts = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  private gate: Promise<void> = Promise.resolve();
  /** Those that are running. */
  private readonly rounds = new Set<Promise<void>>();
  /** Nothing is recorded any more at or before this time, by anybody. */
  private settledUpTo = 0;
  /** The time after which others settled that is to be stamped, as it was when this instance last came in. */
  private othersUpTo = 0;

  /**
   * @param clock milliseconds since 1970.
   * @param keys under which personal values are sealed.
   * @param lastStamp the recorded time of the ledger's last event: recorded time never goes back.
   * @param others what keeps other instances that record on the same ledger from doing so.
   */
  constructor(
    private readonly store: EventStore,
    private readonly clock: () => number,
    keys: SealingKeys,
    private lastStamp = 0,
    private readonly others: AppendGate = OPEN_GATE,
  ) {
    this.writer = new SessionWriter(store, () => this.stamp(), keys);
  }

  /**
   * One verdict a fact, in order.
   * @throws OverloadedError if the queue is full; StoreError if the store could not take the facts.
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

  /** How many facts wait for their append. */
  get queued(): number {
    return this.queuedFacts;
  }

  /** The position of the ledger's last event. */
  head(): Promise<Position> {
    return this.store.head();
  }

  /** Takes nothing more; resolves when what was taken has its verdict. */
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
      if (this.rounds.size < (this.store.appendsAtOnce ?? 1)) this.beginRound();
      else await Promise.race(this.rounds);
    }
    this.running = undefined;
  }

  private beginRound(): void {
    const round = this.runRound(this.takeRound()).finally(() => this.rounds.delete(round));
    this.rounds.add(round);
  }

  /** Resolves, without a pause after it, when no exclusive work is running or waiting. */
  private async gateOpen(): Promise<void> {
    for (let checked; checked !== this.gate;) {
      checked = this.gate;
      await checked;
    }
  }

  /**
   * Runs work while no fact is being appended, by this instance or another: one at a time, in the order asked for. Facts
   * that are sent meanwhile wait, and are judged after it.
   * @throws StoreError if other instances can't be made to wait.
   */
  async exclusively<T>(work: (stamp: () => number, alone: Alone) => Promise<T>): Promise<T> {
    const before = this.gate;
    let open!: () => void;
    this.gate = new Promise((resolve) => (open = resolve));
    try {
      await before;
      await Promise.all(this.rounds);
      return await this.others.exclusively((alone) => {
        this.stampLaterThan(alone.stampAfter);
        return work(() => this.stamp(), alone);
      });
    } finally {
      open();
    }
  }

  /** From now on nothing is recorded at or before a time: the state as of it stays what it is. */
  async stampAfter(time: number): Promise<void> {
    if (time <= this.settledUpTo) return;
    await this.exclusively(async (_, alone) => {
      await alone.settle(time);
      this.stampLaterThan(time);
      this.settledUpTo = Math.max(this.settledUpTo, time);
    });
  }

  /** What is known of a session is to be read again: its stream was written by another hand. */
  forget(sessionId: string): void {
    this.writer.forget(sessionId);
  }

  /** What is known of all sessions is to be read again, and the keys of their users: some of it may have been erased. */
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
      await this.comeIn();
      await this.settle(pending.flat()).finally(() => this.others.leave());
    } catch (error) {
      for (const request of round) request.reject(error);
      return;
    }
    for (const [index, request] of round.entries()) {
      await this.verdictsOf(pending[index]!).then(request.resolve, request.reject);
    }
  }

  /** If another instance was alone since this one came in, it may have erased a user. */
  private async comeIn(): Promise<void> {
    const stampAfter = await this.others.enter();
    this.stampLaterThan(stampAfter);
    if (stampAfter === this.othersUpTo) return;
    this.othersUpTo = stampAfter;
    this.writer.forgetKeys();
  }

  /** Bit by bit: others have their turn between. If a later bit fails, what is sent again is known by its ids. */
  private async settle(pending: readonly Pending[]): Promise<void> {
    for (let from = 0; from < pending.length; from += SLICE_FACTS) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      await this.writer.settle(pending.slice(from, from + SLICE_FACTS));
    }
  }

  private async verdictsOf(facts: readonly Pending[]): Promise<readonly FactVerdict[]> {
    const verdicts = await mapInTurns(facts, ({ verdict, error }) => {
      if (error !== undefined) throw error;
      return verdict!();
    });
    for (const [index, verdict] of verdicts.entries()) {
      if (!isIdReused(verdict)) continue;
      verdicts[index] = await this.writer.explain(facts[index]!.fact, verdict);
    }
    return verdicts;
  }

  private stampLaterThan(time: number): void {
    this.lastStamp = Math.max(this.lastStamp, time + 1);
  }

  /** The recorded time of the next event: it never goes back, whatever the clock does. */
  private stamp(): number {
    return (this.lastStamp = Math.max(this.lastStamp, this.clock()));
  }
}
