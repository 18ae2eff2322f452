/** Returns the share of a limit that is used: 1 if a limit of 0 is used at all. */
export function shareOf(used: number, limit: number): number {
  if (limit === 0) return used > 0 ? 1 : 0;
  return used / limit;
}
