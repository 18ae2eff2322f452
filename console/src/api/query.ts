/** Drops undefined and empty parameters: the service refuses an empty one. */
export function given<Query extends Readonly<Record<string, unknown>>>(
  query: Query,
): { [Name in keyof Query]: Exclude<Query[Name], undefined> } {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as { [Name in keyof Query]: Exclude<Query[Name], undefined> };
}
