const FIRST_MS = 250;
const MOST_MS = 30_000;

/**
 * How long to wait before the next try: twice as long each time, 30 seconds at most, a random half of it so that workers do
 * not come back together, and never sooner than the ledger says.
 */
export function backoffMs(
  tries: number,
  retryAfterMs: number | null,
  random = Math.random(),
): number {
  const longest = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 10));
  const own = longest / 2 + (random * longest) / 2;
  // Those that were told the same moment do not come at it together either.
  return Math.round(
    retryAfterMs === null ? own : Math.max(own, retryAfterMs + (random * longest) / 2),
  );
}
