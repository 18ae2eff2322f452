/**
 * Returns a number with its noun, as people write it: `1 event`, `2 events`, `0 events`.
 * @param many the plural. Default: the noun plus "s".
 */
export function counted(number: number | bigint | string, noun: string, many = `${noun}s`): string {
  return `${number} ${oneOrMany(number, noun, many)}`;
}

/** Returns the singular or plural of a word to fit a number, such as "is" or "are". */
export function oneOrMany(number: number | bigint | string, one: string, many: string): string {
  return String(number) === '1' ? one : many;
}
