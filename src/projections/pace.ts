import { setImmediate as turn } from 'node:timers/promises';

import { pause } from '../lib/pause';

/** How a long piece of work is divided: the size of its parts, and what happens between them. */
export interface Pace {
  /** How many events to do before the next rest. */
  pageSize(): number;
  /** Called between two pieces. @throws the reason for which the work was stopped. */
  rest(): Promise<void>;
  /**
   * Says whether something is open that others wait for. While it is, a rest is at most one turn of the event loop, and
   * the remaining rest is made up later. A pace with this method takes long rests, so a caller should close such things
   * before a rest if it can.
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
  /** How long work has run that no rest has made up for yet, in milliseconds. */
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
