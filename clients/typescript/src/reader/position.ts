const POSITION = /^[0-9]{1,40}$/;

/** Whether something can be a place in the ledger. */
export function isPosition(value: unknown): value is string {
  return typeof value === 'string' && POSITION.test(value);
}

/** The later of two places: decimal texts that grow, without leading zeros. */
export function laterOf(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}
