import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { pause } from '../lib/pause';

/** How a long piece of work is divided: the size of its parts, and what happens between them. */
export interface Pace {
  /** How many events to do before the next rest. */
  pageSize(): number;
  /** Called between two pieces. @throws the reason for which the work was stopped. */
  rest(): Promise<void>;
  /**
   * From now on, makes larger pieces and rests for one turn only: the work must proceed faster than new work arrives.
   */
  hurry?(): void;
  /**
   * While `held`, a rest is one turn at most, and the remainder is made up later: something is open that others wait
   * for. A pace with this method takes long rests, so a caller should close such things before a rest if it can.
   */
  holding?(held: boolean): void;
}

/** With large pages, each statement and each index page is written less often. Above this, only memory grows. */
const FULL_PAGE = 1_000;

/** The pace of a process that does nothing else. */
export const FULL_SPEED: Pace = {
  pageSize: () => FULL_PAGE,
  rest: () => Promise.resolve(),
};

const FIRST_PAGE = 50;
const LEAST_PAGE = 10;
const MOST_PAGE = 500;
/** How long a piece may keep requests waiting. */
const PIECE_MS = 4;
/** If other work took more than this between two pieces, it gets a longer rest. */
const BUSY_MS = 1;
const LONGEST_REST_MS = 20;
/** The page of hurried work: it takes some tens of milliseconds. */
const HURRIED_PAGE = 200;

/**
 * The pace of work on the thread that serves: pieces of a few milliseconds, however fast the machine is, with a turn of
 * the event loop after each, and a longer rest while there are requests. It measures this process's processor time:
 * while other programs have the processor, smaller pieces and longer rests would help nobody.
 */
export class GentlePace implements Pace {
  private size = FIRST_PAGE;
  private began = processorMs();
  private hurried = false;

  constructor(private readonly signal?: AbortSignal) {}

  pageSize(): number {
    return this.hurried ? HURRIED_PAGE : this.size;
  }

  hurry(): void {
    this.hurried = true;
  }

  async rest(): Promise<void> {
    const before = processorMs();
    const taken = Math.max(0.01, before - this.began);
    const wanted = Math.round((this.size * PIECE_MS) / taken);
    // At most doubled or halved each time: one slow piece says little about the next.
    const near = Math.min(Math.max(wanted, this.size >> 1), this.size * 2);
    this.size = Math.min(Math.max(near, LEAST_PAGE), MOST_PAGE);
    await turn();
    const others = processorMs() - before;
    if (others > BUSY_MS && !this.hurried) await sleep(Math.min(2 * others, LONGEST_REST_MS));
    this.signal?.throwIfAborted();
    this.began = processorMs();
  }
}

/** Returns how much processor time this process has used, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const THREAD_PAGE = 1_000;

/** The pace of work on a thread of its own. Other work on that thread gets a turn after each piece. */
export class ThreadPace implements Pace {
  constructor(private readonly signal: AbortSignal) {}

  pageSize(): number {
    return THREAD_PAGE;
  }

  async rest(): Promise<void> {
    await turn();
    this.signal.throwIfAborted();
  }
}

const BACKGROUND_PAGE = 200;
/** A longer rest would leave more to catch up with than it saves. */
const LONGEST_BACKGROUND_REST_MS = 10 * 60 * 1_000;

/**
 * The pace of endless work that takes only a share of one core: it rests after each piece. It measures elapsed time, so
 * on a busy machine it takes less.
 */
export class BackgroundPace implements Pace {
  private began = performance.now();
  /** How long it has worked without resting for it yet, in milliseconds. */
  private worked = 0;
  private held = false;

  /** @param share the share of a core, above 0 and at most 1. */
  constructor(
    private readonly share: number,
    private readonly signal: AbortSignal,
  ) {}

  pageSize(): number {
    return BACKGROUND_PAGE;
  }

  holding(held: boolean): void {
    this.held = held;
  }

  async rest(): Promise<void> {
    const now = performance.now();
    this.worked += now - this.began;
    if (this.held) {
      await turn();
    } else {
      const owed = (this.worked * (1 - this.share)) / this.share;
      const ms = Math.min(owed, LONGEST_BACKGROUND_REST_MS);
      this.worked = 0;
      await pause(ms, this.signal);
    }
    this.signal.throwIfAborted();
    this.began = performance.now();
  }
}
