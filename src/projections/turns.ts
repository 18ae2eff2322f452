import { setImmediate } from 'node:timers/promises';

/** How many sessions, or statements, are folded in one turn: two or three milliseconds. */
export const SESSIONS_A_TURN = 50;

/** Lets others have their turn every so often in work that never waits for anything: requests are answered meanwhile. */
export class Turns {
  private done = 0;

  /** @param every how many steps are done in one turn. */
  constructor(private readonly every: number) {}

  /** To be called after each step: whether it is others' turn. To wait at each step would cost as much as the step. */
  isOver(): boolean {
    this.done += 1;
    return this.done % this.every === 0;
  }

  /** Gives others their turn. */
  pass(): Promise<void> {
    return setImmediate();
  }
}
