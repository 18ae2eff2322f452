import { setImmediate } from 'node:timers/promises';

/** How many sessions, or statements, are folded in one turn, which takes two or three milliseconds. */
export const SESSIONS_A_TURN = 50;

/** Gives other work a turn during long work that never waits for anything, so that requests are answered meanwhile. */
export class Turns {
  private done = 0;

  /** @param every how many steps are done in one turn. */
  constructor(private readonly every: number) {}

  /**
   * Returns whether others should get a turn. Call it after each step: giving a turn at each step would cost as much as
   * the step.
   */
  isOver(): boolean {
    this.done += 1;
    return this.done % this.every === 0;
  }

  /** Gives others their turn. */
  pass(): Promise<void> {
    return setImmediate();
  }
}
