import type { ReadModelChoice } from '../../config/read-model';
import type { KeptReader, LiveReader } from './live-reader';
import { openLiveReader } from './stores';

/** How many idle connections are kept, and for how many milliseconds. */
const KEPT = 2;
const KEPT_MS = 10_000;

/** Connections to the live read model. Keeps some open: opening one costs more than most reads. */
export class LiveReaders {
  private free: KeptReader[] = [];
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly choice: ReadModelChoice,
    private readonly report: (error: unknown) => void,
  ) {}

  /** @throws Error if there is none; PostgresUnavailableError. */
  async open(): Promise<LiveReader> {
    let reader = this.free.pop();
    while (reader !== undefined && !reader.isCurrent()) {
      await reader.close();
      reader = this.free.pop();
    }
    const open = reader ?? (await openLiveReader(this.choice, this.report));
    return {
      queries: open.queries,
      rows: () => open.rows(),
      close: () => this.giveBack(open),
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.letGo();
  }

  private async giveBack(reader: KeptReader): Promise<void> {
    if (this.closed || this.free.length >= KEPT) return reader.close();
    this.free.push(reader);
    clearTimeout(this.timer);
    // A kept connection also keeps its file on disk, even after a rebuild has replaced that file.
    this.timer = setTimeout(() => {
      this.letGo().catch((error: unknown) => this.report(error));
    }, KEPT_MS).unref();
  }

  private async letGo(): Promise<void> {
    await Promise.all(this.free.splice(0).map((reader) => reader.close()));
  }
}
