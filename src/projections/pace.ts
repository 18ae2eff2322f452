import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { pause } from '../lib/pause';

/** How a long piece of work is cut: how much of it is done at once, and what happens in between. */
export interface Pace {
  /** How many events to do before the next rest. */
  pageSize(): number;
  /** Called between two pieces. @throws what the work was stopped with. */
  rest(): Promise<void>;
  /** From now on larger pieces and no rest but a turn for others: what is left must be done sooner than more comes. */
  hurry?(): void;
  /**
   * While `held`, a rest is one turn at most, and what is left of it comes later: something is open that others wait
   * for. A pace that has it rests long, so that whoever can should let go of such things before a rest.
   */
  holding?(held: boolean): void;
}

/** Large pages write each statement and each page of an index less often; what one holds in memory stays small. */
const FULL_PAGE = 2_000;

/** For a process that does nothing else. */
export const FULL_SPEED: Pace = {
  pageSize: () => FULL_PAGE,
  rest: () => Promise.resolve(),
};

const FIRST_PAGE = 50;
const LEAST_PAGE = 10;
const MOST_PAGE = 500;
/** For how long a piece may keep requests waiting. */
const PIECE_MS = 4;
/** From what others took between two pieces, on, they are let ahead. */
const BUSY_MS = 1;
const LONGEST_REST_MS = 20;
/** A page of work that hurries: it takes some tens of milliseconds. */
const HURRIED_PAGE = 200;

/**
 * The pace of work on the thread that serves: pieces of a few milliseconds, however fast the machine is, with
 * a turn of the event loop after each, and a longer rest while there are requests. It goes by the time that this process
 * had of the processor: while other programs have it, smaller pieces and longer rests would help nobody.
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
    // At most doubled or halved at once: one slow piece says little of the next.
    const near = Math.min(Math.max(wanted, this.size >> 1), this.size * 2);
    this.size = Math.min(Math.max(near, LEAST_PAGE), MOST_PAGE);
    await turn();
    const others = processorMs() - before;
    if (others > BUSY_MS && !this.hurried) await sleep(Math.min(2 * others, LONGEST_REST_MS));
    this.signal?.throwIfAborted();
    this.began = processorMs();
  }
}

/** How long this process has computed, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const THREAD_PAGE = 1_000;

/** The pace of work on a thread of its own, which may have other work too: that has a turn after each piece. */
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
/** Rests longer than that would leave more to catch up with than they are good for. */
const LONGEST_BACKGROUND_REST_MS = 10 * 60 * 1_000;

/**
 * The pace of work that goes on for ever and takes only a share of one core: it rests after each piece. It
 * goes by the clock, so on a busy machine it takes less.
 */
export class BackgroundPace implements Pace {
  private began = performance.now();
  /** How long it has worked without having rested for it, in milliseconds. */
  private worked = 0;
  private held = false;

  /** @param share of a core, above 0 and at most 1. */
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
