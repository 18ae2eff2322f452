import type { JsonObject } from './json';
import { DoesNotFollow } from './problem';

/** The kinds of lines that state results, each with the fields of its key. */
export const EXPECTATIONS: Readonly<Record<string, readonly string[]>> = {
  usage_log: ['id'],
  adjustment: ['id'],
  waiting: ['session_id', 'attempt'],
  summary: ['user_id', 'period', 'currency'],
  totals: ['period'],
};

type Key = readonly (string | number)[];

/** Returns the fields that name a line of results. @throws DoesNotFollow if one is neither a text nor a number. */
export function keyOf(kind: string, said: JsonObject): Key {
  return EXPECTATIONS[kind]!.map((name) => {
    const value = said[name];
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw new DoesNotFollow(`"${name}" of the ${kind} is neither a text nor a number.`);
  });
}

/** Checks the order in which a bundle states results: by kind, then by key. */
export class StatedOrder {
  private last: { readonly kind: string; readonly key: Key } | undefined;

  /** Takes the next line. Returns a sentence if it is out of order. */
  take(kind: string, key: Key): string | undefined {
    const before = this.last;
    this.last = { kind, key };
    if (before === undefined) return undefined;
    const kinds = Object.keys(EXPECTATIONS);
    const step = kinds.indexOf(kind) - kinds.indexOf(before.kind);
    if (step > 0 || (step === 0 && compare(before.key, key) <= 0)) return undefined;
    return `The ${kind} ${key.join(' ')} comes after the ${before.kind} ${before.key.join(' ')}: lines must be sorted by kind, then by key.`;
  }
}

function compare(one: Key, other: Key): number {
  for (const [at, part] of one.entries()) {
    if (part !== other[at]) return part < other[at]! ? -1 : 1;
  }
  return 0;
}
