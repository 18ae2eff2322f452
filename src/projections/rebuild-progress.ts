import type { Checkpoint } from '../read-model/rows';

/** How far a rebuild is. */
export interface RebuildProgress {
  readonly phase: 'filling' | 'switching';
  /** The position reached, and the position to reach. */
  readonly position: string;
  readonly goal: string;
  /** How many events were folded, including those of an earlier run. */
  readonly size: number;
  readonly resumed_from: number;
  readonly events_per_second: number;
  /** Whole seconds until the goal is reached; `null` while that cannot be estimated. */
  readonly seconds_left: number | null;
}

/** How often progress is reported at most, in milliseconds. */
const EVERY_MS = 250;

type Place = Pick<Checkpoint, 'position' | 'size'>;

/** Reports how far a rebuild is, from time to time. */
export class RebuildMeter {
  private began = performance.now();
  private told = -Infinity;
  private now: Place;
  private goal = 0;
  private phase: RebuildProgress['phase'] = 'filling';

  /** @param from where the rebuild starts or resumes. */
  constructor(
    private from: Place,
    private readonly report: (progress: RebuildProgress) => void,
  ) {
    this.now = from;
  }

  aim(goal: number): void {
    this.goal = Math.max(this.goal, goal);
    this.tell();
  }

  /** How many events an earlier run has folded. */
  get resumedFrom(): number {
    return this.from.size;
  }

  /** What was filled so far could not be continued: all is folded again. */
  startAgain(): void {
    this.from = { position: 0, size: 0 };
    this.now = this.from;
    this.began = performance.now();
  }

  reached({ position, size }: Place): void {
    this.now = { position, size };
    this.tell();
  }

  switching(): void {
    this.phase = 'switching';
    this.told = -Infinity;
    this.tell();
  }

  /** Reports where the rebuild ended. */
  end(): void {
    this.told = -Infinity;
    this.tell();
  }

  private tell(): void {
    const now = performance.now();
    if (now - this.told < EVERY_MS) return;
    this.told = now;
    this.report(this.view((now - this.began) / 1_000));
  }

  private view(seconds: number): RebuildProgress {
    const { position, size } = this.now;
    const done = position - this.from.position;
    const left = Math.max(0, this.goal - position);
    return {
      phase: this.phase,
      position: String(position),
      goal: String(Math.max(this.goal, position)),
      size,
      resumed_from: this.from.size,
      events_per_second: Math.round((size - this.from.size) / Math.max(0.001, seconds)),
      seconds_left: left === 0 ? 0 : done <= 0 ? null : Math.ceil((left * seconds) / done),
    };
  }
}
