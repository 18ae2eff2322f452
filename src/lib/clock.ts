/** Tells the time, in milliseconds since 1970. It is injected so that tests can set it. */
export class Clock {
  constructor(readonly now: () => number = Date.now) {}
}

/** By how much the clocks of a service's machines may differ, in milliseconds. */
const MOST_APART_MS = 5 * 60_000;

/**
 * Returns the later of a clock's time and a time that another clock, or this one, has shown before. A time that is far
 * ahead does not count: that clock was wrong, and has been put right since.
 */
export function notBefore(shown: number, now: number): number {
  return shown > now && shown - now <= MOST_APART_MS ? shown : now;
}
