const POSITION = /^[0-9]{1,40}$/;

/** Whether a value can be a ledger position. */
export function isPosition(value: unknown): value is string {
  return typeof value === 'string' && POSITION.test(value);
}

/** Returns the later of two positions, which are decimal texts without leading zeros. */
export function laterOf(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}
