import { PassThrough } from 'node:stream';

import { GentlePace } from '../projections/pace';
import { Problem } from '../http/problem';
import { makeBundle, type BundleParts, type BundleRequest } from './make-bundle';
import { sinkOf } from './sink';

export interface BundleLimits {
  /** How many are made at once: each holds a connection, a snapshot and a temporary file. */
  readonly atOnce: number;
  /** How long a reader may leave a piece unread, in milliseconds. */
  readonly idleMs: number;
  /** How long one may take in all, in milliseconds. */
  readonly totalMs: number;
}

const LIMITS: BundleLimits = { atOnce: 2, idleMs: 60_000, totalMs: 3_600_000 };

/** Bundles that are made while they are read, beside serving. */
export class Bundles {
  private readonly running = new Map<PassThrough, Promise<void>>();
  private closed = false;

  /** @param report is told why one ended before its end: by then there is no answer left in which to say so. */
  constructor(
    private readonly parts: BundleParts,
    private readonly report: (error: Error) => void,
    private readonly limits: BundleLimits = LIMITS,
  ) {}

  /**
   * Begins a bundle; answers its stream once the first line is there. Who reads it to its end, or destroys it, lets go
   * of all that it holds.
   * @throws Problem `overloaded` where too many are made, `store_unavailable` while the service stops, and as `makeBundle`.
   */
  start(request: BundleRequest): Promise<PassThrough> {
    if (this.closed) throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    if (this.running.size >= this.limits.atOnce) {
      const detail = `${this.limits.atOnce} bundles are being made already. Ask again when one has ended.`;
      throw new Problem('overloaded', detail);
    }
    return new Promise((resolve, reject) => {
      const stream = new PassThrough();
      const work = this.make(request, stream, () => resolve(stream))
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error : new Error(String(error));
          // Whom it reaches first: the one who asked, or, once lines were sent, the log.
          reject(reason);
          stream.destroy(reason);
        })
        .finally(() => this.running.delete(stream));
      this.running.set(stream, work);
    });
  }

  /** Ends what is being made, and begins nothing more. */
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
    onBegin: () => void,
  ): Promise<void> {
    const { idleMs, totalMs } = this.limits;
    const stop = (why: string) => stream.destroy(new Error(`The bundle was ended: ${why}.`));
    const idle = setTimeout(() => stop(`nobody read on for ${idleMs / 1000} s`), idleMs).unref();
    const total = setTimeout(() => stop(`it took longer than ${totalMs / 1000} s`), totalMs);
    const gone = new AbortController();
    let begun = false;
    stream.once('close', () => gone.abort(new Error('Nobody reads the bundle any more.')));
    stream.once('error', (error) => {
      if (begun) this.report(error);
    });
    const sink = sinkOf(stream, () => idle.refresh());
    const pace = new GentlePace(gone.signal);
    const resting = {
      pageSize: () => pace.pageSize(),
      rest: () => (idle.refresh(), pace.rest()),
    };
    try {
      await makeBundle(this.parts, request, resting, async (text) => {
        if (!begun) onBegin();
        begun = true;
        await sink(text);
      });
      stream.end();
    } finally {
      clearTimeout(idle);
      clearTimeout(total);
    }
  }
}
