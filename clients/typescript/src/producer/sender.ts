import type { Batch, Fate, Spool } from '../spool/spool.js';
import { codeOf } from '../spool/files.js';
import { backoffMs } from './backoff.js';
import type { Delivery, Failure, Verdict } from './delivery.js';
import type { Reporter } from './reports.js';
import { fateOf, fateOfUnfit, settledFact } from './verdicts.js';
import { Waiter } from './waiter.js';

const MAX_EVENTS = 10_000;
/** Below the ledger's 16 MiB, with room for the commas between the events. */
const MAX_BYTES = 15 * 1024 * 1024;
/** How long to gather facts into a batch, in milliseconds. */
const GATHER_MS = 50;
/**
 * How long to wait before sending facts again that were refused for a passing reason, or that stand in the way of
 * others, in milliseconds.
 */
const PASSING_MS = 30_000;
/** After this many failures in a row a batch is sent in parts. */
const SPLIT_AFTER = 3;
/** The most requests for one batch: enough to find one bad event in it by halving. */
const MAX_REQUESTS = 40;

/**
 * The fates of events that were sent, and the failure, if there was one: an event whose outcome is unknown is sent
 * `later`.
 */
interface Sent {
  readonly fates: readonly Fate[];
  readonly verdicts: readonly (Verdict | undefined)[];
  readonly failure?: Failure;
}

/** Sends the facts of a spool, batch by batch, until it is stopped. */
export class Sender {
  private readonly waiter = new Waiter();
  private readonly running: Promise<void>;
  private tries = 0;
  private stopped = false;
  /** Callbacks for when nothing is left to be sent. */
  private readonly flushes = new Set<() => void>();

  constructor(
    private readonly spool: Spool,
    private readonly delivery: Delivery,
    private readonly reporter: Reporter,
  ) {
    this.running = this.run();
  }

  /** Wakes the sender, because a fact was kept. */
  wake(): void {
    this.waiter.wake();
  }

  /**
   * Tries what waits, at once or when the ledger asked for it, and resolves `true` once the spool is empty, or `false`
   * after `timeoutMs`. Keeps the process alive until then.
   */
  async flush(timeoutMs: number): Promise<boolean> {
    if (this.spool.empty) return true;
    this.spool.hurry();
    let timer: NodeJS.Timeout | undefined;
    let flushed!: () => void;
    try {
      return await new Promise<boolean>((resolve) => {
        flushed = () => resolve(true);
        this.flushes.add(flushed);
        timer = setTimeout(() => resolve(false), timeoutMs);
        this.waiter.hurry();
      });
    } finally {
      this.flushes.delete(flushed);
      clearTimeout(timer);
    }
  }

  /** Stops, and aborts the request under way: its facts stay in the spool. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.delivery.abort();
    this.waiter.hurry();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const { due } = this.spool;
      await this.waiter.untilWoken(due === undefined ? Infinity : due - performance.now());
      if (this.flushes.size === 0) await this.waiter.untilHurried(GATHER_MS);
      if (this.stopped) return;
      this.waiter.calm();
      try {
        await this.sendNext();
      } catch (error) {
        await this.pauseAfter({
          code: 'spool_unwritable',
          told: false,
          detail: `The spool can't be read or written (${codeOf(error) ?? String(error)}).`,
          status: null,
          retryAfterMs: null,
        });
      }
      if (this.spool.empty) for (const flushed of this.flushes) flushed();
    }
  }

  private async sendNext(): Promise<void> {
    // While the ledger is away, read and compress as little as possible for each try.
    const batch = await this.spool.take(this.tries === 0 ? MAX_EVENTS : 0, MAX_BYTES);
    if (batch === undefined) return;
    const texts = batch.parts.flatMap((part) => part.texts);
    const sent = await this.sendParts(texts, { left: MAX_REQUESTS });
    const { failure } = sent;
    const progress = failure === undefined || sent.fates.some((fate) => fate !== 'later');
    if (progress) {
      this.settle(batch, sent);
      this.tries = 0;
    } else if (this.isIll(failure)) {
      // If its facts alone make the ledger fail, they must not keep all others waiting.
      this.spool.putOff(batch, this.flushes.size > 0 ? 0 : PASSING_MS);
    }
    if (failure !== undefined) await this.pauseAfter(failure);
  }

  /** Sends events in one request, or in halves if the ledger refuses them together. */
  private async sendParts(texts: readonly string[], requests: { left: number }): Promise<Sent> {
    if (requests.left <= 0) return notSent(texts, undefined);
    requests.left -= 1;
    const outcome = await this.delivery.send(texts);
    if (outcome.kind === 'answered') {
      const { verdicts } = outcome;
      return { fates: verdicts.map((verdict, index) => fateOf(verdict, texts[index]!)), verdicts };
    }
    const { kind, failure } = outcome;
    const ill = this.isIll(failure);
    if ((kind === 'unfit' || ill) && texts.length > 1 && requests.left > 0) {
      const middle = Math.ceil(texts.length / 2);
      const first = await this.sendParts(texts.slice(0, middle), requests);
      const second = await this.sendParts(texts.slice(middle), requests);
      return joined(first, second);
    }
    if (kind === 'unfit' && failure.told && texts.length === 1) {
      return { fates: [fateOfUnfit(failure, texts[0]!)], verdicts: [undefined] };
    }
    // The other parts would fail the same way, so they are not sent.
    if (!ill) requests.left = 0;
    return notSent(texts, failure);
  }

  /** Whether a batch keeps failing in a way that a single event may cause. */
  private isIll({ status, code }: Failure): boolean {
    return this.tries >= SPLIT_AFTER && (status === 500 || code === 'timeout');
  }

  /** Reports the fates of a batch, then deletes it: in this order, so that nothing goes unreported. */
  private settle(batch: Batch, { fates, verdicts }: Sent): void {
    this.spool.keepApart(batch, fates, PASSING_MS);
    let passing: Verdict | undefined;
    fates.forEach((fate, index) => {
      const verdict = verdicts[index];
      if (typeof fate === 'object') this.reporter.refused(fate);
      else if (fate === 'settled') this.reporter.settled(settledFact(verdict!));
      else passing ??= verdict;
    });
    if (passing !== undefined) {
      const { code = 'unknown', detail = '' } = passing;
      this.reporter.trouble({ code, detail, status: 207, tries: 1, retry_in_ms: PASSING_MS });
    }
    this.spool.letGo(batch);
  }

  private async pauseAfter({ code, detail, status, retryAfterMs }: Failure): Promise<void> {
    this.tries += 1;
    const pauseMs = backoffMs(this.tries, retryAfterMs);
    this.reporter.trouble({ code, detail, status, tries: this.tries, retry_in_ms: pauseMs });
    const until = performance.now() + (retryAfterMs ?? 0);
    await this.waiter.untilHurried(pauseMs);
    // A flush ends the pause, but not before the time that the ledger asked for.
    for (let left = until - performance.now(); left > 0 && !this.stopped;) {
      await this.waiter.untilHurried(left);
      left = until - performance.now();
    }
  }
}

function notSent(texts: readonly string[], failure: Failure | undefined): Sent {
  return {
    fates: texts.map(() => 'later'),
    verdicts: texts.map(() => undefined),
    ...(failure === undefined ? {} : { failure }),
  };
}

function joined(a: Sent, b: Sent): Sent {
  const failure = a.failure ?? b.failure;
  return {
    fates: [...a.fates, ...b.fates],
    verdicts: [...a.verdicts, ...b.verdicts],
    ...(failure === undefined ? {} : { failure }),
  };
}
