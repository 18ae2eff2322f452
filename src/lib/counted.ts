/**
 * A number with its noun, as people write it: `1 event`, `2 events`, `0 events`.
 * @param many the plural, if it is not the noun and an s.
 */
export function counted(number: number | bigint | string, noun: string, many = `${noun}s`): string {
  return `${number} ${oneOrMany(number, noun, many)}`;
}

/** A word that goes with a number, such as a verb. */
export function oneOrMany(number: number | bigint | string, one: string, many: string): string {
  return String(number) === '1' ? one : many;
}
