/** How many nanoseconds a second has. Durations are compared and summed as whole nanoseconds, which are exact. */
export const NANO = 1_000_000_000;
