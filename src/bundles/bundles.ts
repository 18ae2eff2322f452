import { PassThrough } from 'node:stream';

import { Problem } from '../http/problem';
import type { BundleRequest } from './make-bundle';
import { sinkOf, type ByteSink } from './sink';
import { asError } from '../lib/as-error';
import { inParts } from '../lib/in-parts';

/** Hears of the progress of a bundle. */
export interface BundleListener {
  /** @param position of the last event in it. */
  begun(position: number): void;
  /** Called from time to time while the bundle makes progress. */
  turn(): void;
}

/** A bundle that is being made. */
export interface RunningBundle {
  readonly stream: PassThrough;
  /** The position of the last event in it. */
  readonly position: number;
}

/**
 * Makes a bundle, on another thread.
 * @param signal aborted when nobody reads the bundle any more.
 * @throws as `makeBundle`.
 */
type MakeBundle = (
  request: BundleRequest,
  signal: AbortSignal,
  sink: ByteSink,
  told: BundleListener,
) => Promise<void>;

export interface BundleLimits {
  /** How many are made at once. Each holds a connection, a snapshot and a temporary file. */
  readonly atOnce: number;
  /** How long a reader may leave a part of a piece unread, in milliseconds. */
  readonly idleMs: number;
  /** How long one may take in total, in milliseconds. */
  readonly totalMs: number;
}

const LIMITS: BundleLimits = { atOnce: 2, idleMs: 60_000, totalMs: 3_600_000 };

/** Makes bundles over HTTP while they are read, alongside other requests. */
export class Bundles {
  private readonly running = new Map<PassThrough, Promise<void>>();
  private closed = false;

  /** @param report gets the reason if a bundle fails midway, because its answer can no longer say so. */
  constructor(
    private readonly makeBundle: MakeBundle,
    private readonly report: (error: Error) => void,
    private readonly limits: BundleLimits = LIMITS,
  ) {}

  /**
   * Begins a bundle. Resolves to its stream once the first line is there. Reading the stream to its end, or destroying
   * it, releases everything that the bundle holds.
   * @param signal aborted when the client disconnects.
   * @throws Problem `overloaded` if too many are being made, `store_unavailable` while the service stops, and as
   * `makeBundle`.
   */
  start(request: BundleRequest, signal: AbortSignal): Promise<RunningBundle> {
    if (this.closed) throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    if (this.running.size >= this.limits.atOnce) {
      const detail = `${this.limits.atOnce} bundles are already being made. Ask again when one has ended.`;
      throw new Problem('overloaded', detail);
    }
    return new Promise((resolve, reject) => {
      const stream = new PassThrough();
      const leave = () =>
        stream.destroy(new Error('The client that requested the bundle disconnected.'));
      signal.addEventListener('abort', leave, { once: true });
      const begun = (position: number) => resolve({ stream, position });
      const work = this.make(request, stream, begun)
        .catch((error: unknown) => {
          const reason = asError(error);
          // Before the first line, the error reaches the caller; after it, the log.
          reject(reason);
          stream.destroy(reason);
        })
        .finally(() => {
          signal.removeEventListener('abort', leave);
          this.running.delete(stream);
        });
      this.running.set(stream, work);
    });
  }

  /** Ends the bundles that are being made, and begins no more. */
  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.running];
    for (const [stream] of all) {
      stream.destroy(new Error('The bundle was ended: the service is stopping.'));
    }
    await Promise.all(all.map(([, work]) => work));
  }

  private async make(
    request: BundleRequest,
    stream: PassThrough,
    onBegin: (position: number) => void,
  ): Promise<void> {
    const { idleMs, totalMs } = this.limits;
    const stop = (why: string) => stream.destroy(new Error(`The bundle was ended: ${why}.`));
    const idle = setTimeout(
      () => stop(`nobody has read from it for ${idleMs / 1000} s`),
      idleMs,
    ).unref();
    const total = setTimeout(() => stop(`it took over ${totalMs / 1000} s`), totalMs);
    const gone = new AbortController();
    let begun = false;
    let place = 0;
    stream.once('close', () => gone.abort(new Error('Nobody is reading the bundle any more.')));
    stream.once('error', (error) => {
      if (begun) this.report(error);
    });
    const sink = sinkOf(stream, () => idle.refresh());
    const taking: ByteSink = async (piece) => {
      if (!begun) onBegin(place);
      begun = true;
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      for (const part of inParts(bytes)) await sink(part);
    };
    try {
      await this.makeBundle(request, gone.signal, taking, {
        begun: (position) => (place = position),
        turn: () => idle.refresh(),
      });
      stream.end();
    } finally {
      clearTimeout(idle);
      clearTimeout(total);
    }
  }
}
