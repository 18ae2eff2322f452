import type { Checkpoint } from '../read-model/rows';

/** The progress of a piece of work, as the API shows it. */
export interface ProgressView {
  /** `replaying` events, then `comparing` rows. */
  readonly phase: 'replaying' | 'comparing';
  readonly position: string;
  /** How many events have been read; `of` is how many there are. */
  readonly size: number;
  readonly of: number;
  readonly rows_compared: number;
  readonly events_per_second: number;
  /** Seconds until all events are read; `null` while that is unknown. */
  readonly seconds_left: number | null;
}

/** Counts events and rows, and reports the progress now and then. */
export class ProgressMeter {
  private readonly began = performance.now();
  private told = -Infinity;
  private position = 0;
  private size = 0;
  private rows = 0;
  private readAfter = 0;
  private phase: ProgressView['phase'] = 'replaying';

  /**
   * @param of how many events there are to read.
   * @param report called at most every `everyMs`.
   */
  constructor(
    private of: number,
    private readonly report: (progress: ProgressView) => void,
    private readonly everyMs = 250,
  ) {}

  /** Takes a checkpoint that was reached. `before` counts events read earlier, such as by a preceding replay. */
  reached({ position, size }: Pick<Checkpoint, 'position' | 'size'>, before = 0): void {
    this.position = position;
    this.size = before + size;
    this.of = Math.max(this.of, this.size);
    this.readAfter = (performance.now() - this.began) / 1_000;
    this.tell();
  }

  /** Adds rows that were compared. */
  compared(rows: number): void {
    this.phase = 'comparing';
    this.rows += rows;
    this.tell();
  }

  /** Reports the final state. */
  end(): void {
    this.report(this.view());
  }

  get rowsCompared(): number {
    return this.rows;
  }

  view(): ProgressView {
    const rate = this.size / Math.max(0.001, this.readAfter);
    const left = this.of - this.size;
    return {
      phase: this.phase,
      position: String(this.position),
      size: this.size,
      of: this.of,
      rows_compared: this.rows,
      events_per_second: Math.round(rate),
      seconds_left: left === 0 ? 0 : this.size === 0 ? null : Math.ceil(left / rate),
    };
  }

  private tell(): void {
    const now = performance.now();
    if (now - this.told < this.everyMs) return;
    this.told = now;
    this.report(this.view());
  }
}
