import type { StoredRow, Workspace } from './workspace';

/** The ways in which the old table may have counted time: each turns a row's seconds into minutes. */
const COUNTS = {
  'started minute': (seconds: number) => Math.ceil(seconds / 60),
  second: (seconds: number) => seconds / 60,
  'whole minute': (seconds: number) => Math.floor(seconds / 60),
  'whole minute, at least one': (seconds: number) => Math.max(1, Math.floor(seconds / 60)),
  'minute, rounded': (seconds: number) => Math.round(seconds / 60),
} as const;

/** How the old table priced a provider, derived from its longest rows and confirmed by most of its rows. */
export interface OldPrice {
  /** `started minute`, `second` … */
  readonly unit: string;
  /** Cents a minute, as a double: this is evidence, not money. */
  readonly rate: number;
  readonly truncates: boolean;
  /** Returns whether this price charges these cents for these seconds, within the rounding of a row. */
  gives(seconds: number, cents: number): boolean;
}

const LONGEST = 101;
/** The share of priced rows that a price must explain to be accepted. */
const MOST_OF = 0.9;

const PRICED = `failed = 0 AND code IS NULL AND cents IS NOT NULL AND billable IS NOT 0 AND provider = ? AND currency IS ?`;

/** Finds how rows of a provider and currency were priced; `undefined` if no single price explains most of them. */
export function findOldPrice(
  workspace: Workspace,
  provider: string,
  currency: string | null,
): OldPrice | undefined {
  const longest = workspace
    .prepare<[string, string | null], Priced>(
      `SELECT seconds, cents FROM rows WHERE ${PRICED} ORDER BY CAST(seconds AS REAL) DESC LIMIT ${LONGEST}`,
    )
    .all(provider, currency);
  const candidates = Object.entries(COUNTS).flatMap(([unit, count]) => {
    const price = priceOf(unit, count, longest);
    return price === undefined ? [] : [{ price, followed: 0 }];
  });
  let rows = 0;
  const all = workspace.prepare<[string, string | null], Priced>(
    `SELECT seconds, cents FROM rows WHERE ${PRICED}`,
  );
  for (const { seconds, cents } of all.iterate(provider, currency)) {
    rows += 1;
    for (const one of candidates) {
      if (one.price.gives(Number(seconds), Number(cents))) one.followed += 1;
    }
  }
  const best = candidates.sort((a, b) => b.followed - a.followed)[0];
  return best !== undefined && best.followed >= rows * MOST_OF ? best.price : undefined;
}

type Priced = Pick<StoredRow, 'seconds' | 'cents'>;

function priceOf(
  unit: string,
  count: (seconds: number) => number,
  longest: readonly Priced[],
): OldPrice | undefined {
  const rates = longest
    .filter(({ seconds }) => count(Number(seconds)) > 0)
    .map(({ seconds, cents }) => ({
      rate: Number(cents) / count(Number(seconds)),
      of: Number(seconds),
    }))
    .sort((a, b) => a.rate - b.rate);
  const middle = rates[rates.length >> 1];
  if (middle === undefined) return undefined;
  const { rate } = middle;
  const known = count(middle.of);
  return {
    unit,
    rate,
    truncates: unit.startsWith('whole minute'),
    gives: (seconds, cents) =>
      // A row's cents are whole, and the rate is only as exact as the longest row allows.
      Math.abs(cents - count(seconds) * rate) <= 1 + count(seconds) / known,
  };
}
