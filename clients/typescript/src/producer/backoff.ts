const FIRST_MS = 250;
const MOST_MS = 30_000;

/**
 * Returns how long to wait before the next try: twice as long each time, 30 seconds at most, with half of it random so
 * that workers do not return together, and never less than the ledger asks for.
 */
export function backoffMs(
  tries: number,
  retryAfterMs: number | null,
  random = Math.random(),
): number {
  const longest = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 10));
  const own = longest / 2 + (random * longest) / 2;
  // The random part is added to Retry-After too: workers that are given the same moment must not all return at once.
  return Math.round(
    retryAfterMs === null ? own : Math.max(own, retryAfterMs + (random * longest) / 2),
  );
}
