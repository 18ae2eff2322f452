import type { Checkpoint } from '../read-model/rows';

/** How far a piece of work has come, as people see it. */
export interface ProgressView {
  /** `replaying` events, then `comparing` rows. */
  readonly phase: 'replaying' | 'comparing';
  readonly position: string;
  /** How many events were read, of how many. */
  readonly size: number;
  readonly of: number;
  readonly rows_compared: number;
  readonly events_per_second: number;
  /** Until all events are read; `null` while it can't be told. */
  readonly seconds_left: number | null;
}

/** Counts events and rows, and tells of it now and then. */
export class ProgressMeter {
  private readonly began = performance.now();
  private told = -Infinity;
  private position = 0;
  private size = 0;
  private rows = 0;
  private readAfter = 0;
  private phase: ProgressView['phase'] = 'replaying';

  /**
   * @param of how many events are to be read.
   * @param report called at most every `everyMs`.
   */
  constructor(
    private of: number,
    private readonly report: (progress: ProgressView) => void,
    private readonly everyMs = 250,
  ) {}

  /** A checkpoint that was reached; `before` events were read by others, such as the replay before this one. */
  reached({ position, size }: Pick<Checkpoint, 'position' | 'size'>, before = 0): void {
    this.position = position;
    this.size = before + size;
    this.of = Math.max(this.of, this.size);
    this.readAfter = (performance.now() - this.began) / 1_000;
    this.tell();
  }

  /** Rows that were compared. */
  compared(rows: number): void {
    this.phase = 'comparing';
    this.rows += rows;
    this.tell();
  }

  /** Tells where the work ended. */
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
