const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses before the further tries, in milliseconds (docs/reference/http.md#alerts-and-webhooks). */
const PAUSES = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
] as const;
/** How much of a pause is added to it at most, at random, so that a receiver that comes back is not flooded. */
const JITTER = 0.1;
/** The longest pause that a receiver can ask for, in milliseconds. */
const MOST_ASKED = 24 * HOUR;

/**
 * Returns how long to wait before the next try, in milliseconds; `undefined` after the last one.
 * @param step how many earlier tries have failed since the delivery was queued or sent again by hand.
 * @param askedMs the pause that the receiver asked for.
 */
export function pauseAfter(
  step: number,
  askedMs: number | null,
  random = Math.random(),
): number | undefined {
  const pause = PAUSES[step];
  if (pause === undefined) return undefined;
  const asked = Math.min(askedMs ?? 0, MOST_ASKED);
  return Math.round(Math.max(pause, asked) * (1 + JITTER * random));
}

/**
 * The longest pause of a waiting delivery by step, in milliseconds: as planned, or if its receiver may have asked for a
 * longer one. A delivery that was not tried yet waits for nothing.
 */
export const LONGEST_PLANNED = longestWith(0);
export const LONGEST_ASKED = longestWith(MOST_ASKED);

function longestWith(asked: number): readonly number[] {
  return [0, ...PAUSES.map((pause) => Math.round(Math.max(pause, asked) * (1 + JITTER)))];
}
