import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Events gather while many arrive and nobody waits for them: each page costs its handler a transaction, and a row for
 * every statement that it touches. Nothing is held back unless this many events came at about the same time.
 */
export const MANY = 16;
/** How often a resting subscription checks whether somebody waits. */
const LOOK_MS = 10;

/**
 * Lets events gather.
 * @param until when to stop at the latest, on the clock of `performance.now()`.
 * @param mayRest whether to continue: nobody waits for the events, and the subscription is open.
 */
export async function gather(until: number, mayRest: () => boolean): Promise<void> {
  while (performance.now() < until && mayRest()) await sleep(LOOK_MS);
}
