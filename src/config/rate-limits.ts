import type { Get } from './paths';

/** How many requests one key or token may send in a minute; 0 = no limit. */
export interface RateLimits {
  readonly producer: number;
  readonly reader: number;
  /** For finance and admins. */
  readonly finance: number;
  /**
   * For requests that read much: the ledger's events, reports, leaks, exports, bundles, replays,
   * rehearsals, rebuilds, the past.
   */
  readonly costly: number;
}

const STANDARD: RateLimits = { producer: 600_000, reader: 60_000, finance: 60_000, costly: 1_200 };
const HIGHEST = 100_000_000;

/** Reads how many requests each kind of caller may send. */
export function readRateLimits(
  names: Readonly<Record<keyof RateLimits, string>>,
  get: Get,
  mistakes: string[],
): RateLimits {
  const read = (kind: keyof RateLimits): number => {
    const name = names[kind];
    const text = get(name);
    if (text === undefined) return STANDARD[kind];
    if (/^\d{1,9}$/.test(text) && Number(text) <= HIGHEST) return Number(text);
    mistakes.push(
      `${name} is "${text}": it must be a whole number of requests a minute, 0 (no limit) to ${HIGHEST}.`,
    );
    return STANDARD[kind];
  };
  return {
    producer: read('producer'),
    reader: read('reader'),
    finance: read('finance'),
    costly: read('costly'),
  };
}
