const SECONDS = /^[0-9]{1,9}$/;
const MOST_MS = 10 * 60_000;

/**
 * Reads the header `Retry-After` as milliseconds from now, ten minutes at most; `null` if it is missing or unreadable.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = SECONDS.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(MOST_MS, Math.max(0, ms));
}
