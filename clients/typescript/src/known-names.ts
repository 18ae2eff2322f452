import { ClientError } from './errors.js';

/** All property names of a type: the compiler reports any that is missing. */
export type NamesOf<T> = { readonly [K in keyof Required<T>]: true };

/**
 * Refuses unknown options: in JavaScript a misspelt one would be ignored silently.
 * @param what names the owner of the options, such as `Producer`.
 * @throws ClientError `invalid_option`, with the name that may be meant.
 */
export function checkNames(
  what: string,
  given: object | undefined,
  known: Readonly<Record<string, true>>,
): void {
  if (typeof given !== 'object' || given === null) {
    throw new ClientError('invalid_option', `${what} takes an object of options.`);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    const meant = nearest(name, names);
    const hint = meant === undefined ? '' : ` Do you mean ${meant}?`;
    throw new ClientError(
      'invalid_option',
      `${name} is not an option of ${what}.${hint} It has ${names.join(', ')}.`,
    );
  }
}

/**
 * Finds the name that is probably meant: it differs from the given one in at most a third of its letters, or one of the
 * two contains the other (`apiKey`, `timeout`).
 */
function nearest(name: string, names: readonly string[]): string | undefined {
  const bare = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  const given = bare(name);
  const [best] = names
    .map((one) => ({ one, own: bare(one), far: distance(given, bare(one)) }))
    .filter(
      ({ own, far }) =>
        far <= Math.ceil(own.length / 3) ||
        (given.length > 2 && (own.includes(given) || given.includes(own))),
    )
    .sort((a, b) => a.far - b.far);
  return best?.one;
}

/** Counts the letters to insert, delete or replace (Levenshtein distance). */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const now = [row + 1];
    for (const [column, another] of [...other].entries()) {
      const replaced = (before[column] ?? 0) + (letter === another ? 0 : 1);
      now.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (now[column] ?? 0) + 1));
    }
    before = now;
  }
  return before[other.length] ?? 0;
}
