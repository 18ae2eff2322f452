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
  /** When it happened. A fact reported before keeps its first time. */
  readonly time: string;
  /** Whether it was reported before from this spool. */
  readonly again: boolean;
  /** Where it is: on disk; or in the ledger, because the spool could not take it and it was sent at once. */
  readonly kept: 'spool' | 'ledger';
}

const CLOSE_MS = 10_000;
const FLUSH_MS = 30_000;

/**
 * Reports to the ledger what happens to recordings. A call resolves once its fact is on disk; from there, this process
 * or the next one that opens the spool sends it until the ledger has it or refuses it for good.
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

  /** @throws ClientError `invalid_option`, `invalid_key`, `spool_unknown`; system errors from the spool's folder. */
  constructor(options: ProducerOptions) {
    const { url, source, spool, maxSpoolBytes, timeoutMs, exitFlushMs } = checkOptions(options);
    this.source = source;
    this.exitFlushMs = exitFlushMs;
    const reporter = new Reporter(options, (fact) => this.forgetTime(fact));
    this.spool = new Spool(spool, maxSpoolBytes, (copy) =>
      reporter.trouble({
        code: 'spool_damaged',
        detail: `A file of the spool is damaged in its middle. Its readable facts are sent; a copy is kept at ${copy}.`,
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

  /** Reports that an attempt began. */
  started(fact: Started, options?: FactOptions): Promise<KeptFact> {
    return this.tell('started', fact, options);
  }

  /** Reports that an attempt produced a transcript: this is what is billed. */
  completed(fact: Completed, options?: FactOptions): Promise<KeptFact> {
    return this.tell('completed', fact, options);
  }

  /** Reports that an attempt failed. */
  failed(fact: Failed, options?: FactOptions): Promise<KeptFact> {
    return this.tell('failed', fact, options);
  }

  /** Reports that another attempt was requested. */
  retried(fact: Retried, options?: FactOptions): Promise<KeptFact> {
    return this.tell('retried', fact, options);
  }

  /**
   * Reports a fact of any kind. It is written to the spool before this returns, and the promise resolves once that is
   * durable. If the spool can't take it, it is sent at once instead.
   * @throws ClientError: `invalid_…` (the call is wrong; nothing was kept); `spool_full`, `spool_unwritable` (sending
   * it at once failed too); `fact_refused` (sent at once, and refused for good); `closed`.
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

  /**
   * Sends waiting facts, at once or after the ledger's `Retry-After`. Resolves `true` once none are left, `false` after
   * `timeoutMs` (default: 30,000).
   */
  flush(timeoutMs = FLUSH_MS): Promise<boolean> {
    return this.sender.flush(timeoutMs);
  }

  /**
   * Takes no more facts, sends waiting ones for at most `timeoutMs` (default: 10,000), and closes the spool. Resolves
   * `true` if none are left; otherwise the next process that opens the spool sends them.
   */
  close(timeoutMs = CLOSE_MS): Promise<boolean> {
    this.closed ??= this.end(timeoutMs);
    return this.closed;
  }

  /** Iterates over the spool's facts that were refused for good. */
  *refused(): Generator<RefusedFact> {
    for (const { facts } of this.spool.refused.files()) yield* facts;
  }

  /** Queues refused facts to be sent again, for when the reason is gone. Returns how many. */
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

  /**
   * Returns the event with the time of its first report. An error of the journal is no harm: the ledger then finds the
   * duplicate.
   */
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
      // If the fact is reported again, it is refused again, and its time is forgotten then.
    }
  }

  /** Sends a fact that the disk could not take. @throws the disk's error if that fails too. */
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
      // The same fault would also make writing fail, and writing reports it.
    }
  }

  /** Runs when the process has nothing else to do. */
  private async flushAtExit(): Promise<void> {
    process.off('beforeExit', this.onIdle);
    if (this.exitFlushMs > 0) await this.sender.flush(this.exitFlushMs);
  }
}
