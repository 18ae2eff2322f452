import type { HeldWriter, ReadModelSwitch } from '../rebuildable';
import type { LiveQueries } from './live-queries';
import { takePlace } from './place';

/** What ends a pause of the queries: whether they go on with the file that stands in the place by then. */
type EndPause = (replaced: boolean) => Promise<void>;

/**
 * How another file takes the place of the one that is served: who fills it, who commits and who answers are on three
 * threads. Where the one that fills it dies on the way, what it began is ended.
 */
export class ServedSwitch implements ReadModelSwitch {
  private held = false;
  private endPause: EndPause | undefined;

  constructor(
    private readonly path: string,
    private readonly live: Pick<LiveQueries, 'pause'>,
    private readonly writer: HeldWriter,
  ) {}

  async hold(): Promise<void> {
    this.held = true;
    await this.writer.hold();
  }

  begin(): Promise<void> {
    return new Promise((begun, failed) => {
      const paused = this.live.pause(async (reopen) => {
        const replaced = await new Promise<boolean>((resolve) => {
          this.endPause = (decided) => (resolve(decided), paused);
          begun();
        });
        if (!replaced) return;
        // The projector first: no query is to see rows that a projector of the old file goes on from.
        await this.writer.reopen().finally(reopen);
      });
      paused.catch(failed);
    });
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
    try {
      if (this.endPause !== undefined) takePlace(this.path);
    } finally {
      await this.end(true);
      await this.release();
    }
  }
}
