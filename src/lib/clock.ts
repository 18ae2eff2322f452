/** Tells the time, in milliseconds since 1970. It is injected so that tests can set it. */
export class Clock {
  constructor(readonly now: () => number = Date.now) {}
}
