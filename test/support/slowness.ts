import { createHash } from 'node:crypto';

/** What {@link work} takes on a quiet machine of the kind on which the limits of tests were chosen, in milliseconds. */
const REFERENCE_MS = 6.4;
const TIMES = 20;

/**
 * Returns how much longer this machine takes now for the same work than the one on which limits were chosen: at least 1.
 * It is measured in processor time, which grows if other programs use the same caches and cores.
 */
export function slowness(): number {
  const times = Array.from({ length: TIMES }, timed).sort((a, b) => a - b);
  return Math.max(1, times[TIMES / 2]! / REFERENCE_MS);
}

function timed(): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const TEXT = JSON.stringify(
  Array.from({ length: 2_000 }, (_, at) => ({
    id: `event-${at}`,
    time: '2026-10-01T00:00:00Z',
    data: { session_id: `s-${at}`, user_id: 'ann', duration_seconds: 30 + (at % 90) },
  })),
);

/** What a service does most: parsing, writing JSON, hashing. */
function work(): void {
  const seen = new Set<string>();
  for (const event of JSON.parse(TEXT) as readonly object[]) {
    seen.add(createHash('sha256').update(JSON.stringify(event)).digest('hex'));
  }
}
