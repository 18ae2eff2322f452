/** The time, in milliseconds since 1970: given to whoever needs it, so that tests set it. */
export class Clock {
  constructor(readonly now: () => number = Date.now) {}
}
