import { ClientError } from '../errors.js';
import { Journal } from '../spool/journal.js';
import { BEAT_MS } from '../spool/owner.js';
import type { RefusedFact } from '../spool/refused.js';
import { Spool } from '../spool/spool.js';
import { Delivery } from './delivery.js';
import {
  makeEvent,
  type CloudEvent,
  type Completed,
  type Failed,
  type FactKind,
  type FactOptions,
  type Facts,
  type Retried,
  type Started,
} from './facts.js';
import { checkOptions, type ProducerOptions } from './options.js';
import { Reporter } from './reports.js';
import { Sender } from './sender.js';
import { fateOf } from './verdicts.js';

/** A fact that can no longer be lost. */
export interface KeptFact {
  readonly id: string;
  readonly source: string;
  /** When it happened; of a fact that was told before, the first time it was told. */
  readonly time: string;
  /** Whether it was told before from this spool. */
  readonly again: boolean;
  /** Where it is: on disk, or already in the ledger (sent at once, as the spool could not take it). */
  readonly kept: 'spool' | 'ledger';
}

const CLOSE_MS = 10_000;
const FLUSH_MS = 30_000;

/**
 * Tells the ledger what becomes of recordings. A call resolves when its fact is on disk; from there it is sent, again and again,
 * until the ledger has it or refuses it for good, by this process or the next one that opens the spool.
 */
export class Producer {
  private readonly source: string;
  private readonly exitFlushMs: number;
  private readonly spool: Spool;
  private readonly journal: Journal;
  private readonly delivery: Delivery;
  private readonly sender: Sender;
  private readonly beat: NodeJS.Timeout;
  private closed: Promise<boolean> | undefined;
  private readonly onIdle = () => void this.flushAtExit();

  /** @throws ClientError `invalid_option`, `invalid_key`, `spool_unknown`; system errors of the spool's folder. */
  constructor(options: ProducerOptions) {
    const { url, source, spool, maxSpoolBytes, timeoutMs, exitFlushMs } = checkOptions(options);
    this.source = source;
    this.exitFlushMs = exitFlushMs;
    const reporter = new Reporter(options, (fact) => this.forgetTime(fact));
    this.spool = new Spool(spool, maxSpoolBytes, (copy) =>
      reporter.trouble({
        code: 'spool_damaged',
        detail: `A file of the spool can't be read in its middle. Its sound facts are sent; a copy is ${copy}.`,
        status: null,
        tries: 1,
        retry_in_ms: null,
      }),
    );
    this.journal = new Journal(spool);
    this.delivery = new Delivery({ url, key: options.key, timeoutMs });
    this.sender = new Sender(this.spool, this.delivery, reporter);
    this.beat = setInterval(() => this.lookAround(), BEAT_MS).unref();
    process.on('beforeExit', this.onIdle);
  }

  /** An attempt was begun. */
  started(fact: Started, options?: FactOptions): Promise<KeptFact> {
    return this.tell('started', fact, options);
  }

  /** An attempt gave a transcript: this is what is charged for. */
  completed(fact: Completed, options?: FactOptions): Promise<KeptFact> {
    return this.tell('completed', fact, options);
  }

  /** An attempt gave none. */
  failed(fact: Failed, options?: FactOptions): Promise<KeptFact> {
    return this.tell('failed', fact, options);
  }

  /** Another attempt was asked for. */
  retried(fact: Retried, options?: FactOptions): Promise<KeptFact> {
    return this.tell('retried', fact, options);
  }

  /**
   * Tells a fact of a kind. Written to the spool before this returns; resolves when that is durable.
   * @throws ClientError: `invalid_…` (nothing was kept: the call is wrong); `spool_full`, `spool_unwritable` (it was sent at
   * once, in vain); `fact_refused` (sent at once, and refused for good); `closed`.
   */
  async tell<K extends FactKind>(
    kind: K,
    fact: Facts[K],
    options: FactOptions = {},
  ): Promise<KeptFact> {
    if (this.closed !== undefined) throw new ClientError('closed', 'The producer is closed.');
    const { event, again } = this.asFirstTold(makeEvent(kind, this.source, fact, options));
    const { id, source, time } = event;
    const text = JSON.stringify(event);
    try {
      await this.spool.keep(text);
      this.sender.wake();
      return { id, source, time, again, kept: 'spool' };
    } catch (error) {
      await this.sendAtOnce(text, error);
      return { id, source, time, again, kept: 'ledger' };
    }
  }

  /** Sends what waits; resolves `true` when nothing is left, `false` after `timeoutMs` (30,000). */
  flush(timeoutMs = FLUSH_MS): Promise<boolean> {
    return this.sender.flush(timeoutMs);
  }

  /**
   * Takes no more facts, sends what waits for `timeoutMs` (10,000) at most, and lets go of the spool. Resolves `true` if
   * nothing is left; else the rest is sent by whoever opens the spool next.
   */
  close(timeoutMs = CLOSE_MS): Promise<boolean> {
    this.closed ??= this.end(timeoutMs);
    return this.closed;
  }

  /** The facts that were refused for good and lie in the spool. */
  *refused(): Generator<RefusedFact> {
    for (const { facts } of this.spool.refused.files()) yield* facts;
  }

  /** Sends refused facts once more, when the reason is gone; answers how many. */
  resendRefused(): number {
    const count = this.spool.resend();
    if (count > 0) this.sender.wake();
    return count;
  }

  private async end(timeoutMs: number): Promise<boolean> {
    const flushed = await this.sender.flush(timeoutMs);
    process.off('beforeExit', this.onIdle);
    clearInterval(this.beat);
    await this.sender.stop();
    await this.spool.close();
    this.journal.close();
    return flushed;
  }

  /** The journal spares the ledger a question; without it, the ledger tells. */
  private asFirstTold(event: CloudEvent): { event: CloudEvent; again: boolean } {
    try {
      return this.journal.asFirstTold(event);
    } catch {
      return { event, again: false };
    }
  }

  private forgetTime({ event, pointer }: RefusedFact): void {
    if (pointer !== '/time') return;
    try {
      this.journal.forget(event);
    } catch {
      // Told again, it is refused again, and may then be forgotten.
    }
  }

  /** The disk can't take a fact: the ledger may. @throws the disk's error if it does not. */
  private async sendAtOnce(text: string, error: unknown): Promise<void> {
    const { code } = error as ClientError;
    if (code !== 'spool_full' && code !== 'spool_unwritable') throw error;
    const outcome = await this.delivery.send([text], true);
    if (outcome.kind !== 'answered') throw error;
    const fate = fateOf(outcome.verdicts[0]!, text);
    if (fate === 'later') throw error;
    if (typeof fate === 'object') {
      throw new ClientError('fact_refused', `${fate.code}: ${fate.detail}`, { cause: error });
    }
  }

  private lookAround(): void {
    try {
      this.spool.adopt();
      this.sender.wake();
    } catch {
      // Whatever keeps it from looking around keeps it from writing, too, and is told there.
    }
  }

  /** The process has nothing else to do. */
  private async flushAtExit(): Promise<void> {
    process.off('beforeExit', this.onIdle);
    if (this.exitFlushMs > 0) await this.sender.flush(this.exitFlushMs);
  }
}
