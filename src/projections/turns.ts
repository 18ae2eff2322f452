import { setImmediate } from 'node:timers/promises';

/** How many sessions, or statements, are folded in one turn: two or three milliseconds. */
export const SESSIONS_A_TURN = 50;

/** Lets others have their turn every so often in work that never waits for anything: requests are answered meanwhile. */
export class Turns {
  private done = 0;

  /** @param every how many steps are done in one turn. */
  constructor(private readonly every: number) {}

  /** To be called after each step. */
  async step(): Promise<void> {
    this.done += 1;
    if (this.done % this.every === 0) await setImmediate();
  }
}
