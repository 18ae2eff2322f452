/** Whether all numbers in a parsed JSON value are finite. `JSON.stringify` silently writes the others as null. */
export function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(allFinite);
}
