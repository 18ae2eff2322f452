/**
 * How many nanoseconds a second has. Durations are compared and added up as whole numbers of nanoseconds, so that sums
 * are exact.
 */
export const NANO = 1_000_000_000;
