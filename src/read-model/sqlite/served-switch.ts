import { asError } from '../../lib/as-error';
import { Backoff } from '../../lib/backoff';
import type { HeldWriter, ReadModelSwitch } from '../rebuildable';
import type { LiveQueries } from './live-queries';
import { takePlace } from './place';

/** Pauses between tries to open the file that took the place. */
const REOPEN_PAUSES = { firstMs: 100, mostMs: 5_000 };

/** Ends a pause of the queries. `replaced` says whether they resume with the new file. */
type EndPause = (replaced: boolean) => Promise<void>;

/**
 * The steps by which another file takes the place of the served one. Filling, committing and answering are on three
 * threads. If the filling thread dies on the way, this object completes what it began.
 */
export class ServedSwitch implements ReadModelSwitch {
  private held = false;
  private endPause: EndPause | undefined;
  /** How many switches were given up. A pause of one of them that begins only now must not wait for a decision. */
  private abandoned = 0;

  constructor(
    private readonly path: string,
    private readonly live: Pick<LiveQueries, 'pause'>,
    private readonly writer: HeldWriter,
    /** Receives the reason if the new file cannot be opened yet. */
    private readonly report: (error: Error) => void,
  ) {}

  async hold(): Promise<void> {
    this.held = true;
    await this.writer.hold();
  }

  begin(): Promise<void> {
    const { abandoned } = this;
    return new Promise((begun, failed) => {
      const paused = this.live.pause(async (reopen) => {
        if (abandoned !== this.abandoned) return;
        const replaced = await new Promise<boolean>((resolve) => {
          this.endPause = (decided) => (resolve(decided), paused);
          begun();
        });
        if (!replaced) return;
        // The projector reopens first: no query may see the new file's rows while the projector still works on the old
        // file.
        await this.writer.reopen().finally(() => this.untilOpen(reopen));
      });
      paused.catch(failed);
    });
  }

  /** Opens the new file. If that fails, tries again, and queries wait: the old file's rows are out of date. */
  private async untilOpen(reopen: () => void): Promise<void> {
    const backoff = new Backoff(REOPEN_PAUSES);
    for (let isReported = false; ; isReported = true) {
      try {
        return reopen();
      } catch (error) {
        if (!isReported) this.report(asError(error));
        await backoff.pause();
      }
    }
  }

  async end(replaced: boolean): Promise<void> {
    const end = this.endPause;
    this.endPause = undefined;
    await end?.(replaced);
  }

  async release(): Promise<void> {
    if (!this.held) return;
    this.held = false;
    await this.writer.release();
  }

  async abandon(): Promise<void> {
    this.abandoned += 1;
    try {
      if (this.endPause !== undefined) takePlace(this.path);
    } finally {
      await this.end(true).finally(() => this.release());
    }
  }
}
