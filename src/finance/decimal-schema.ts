import type { Range } from '../domain/rating/card-fields';
import type { Schema } from '../http/openapi/schema';

/**
 * Describes a decimal as a person may write it: a number, or a text, even with trailing zeros. The service prints it in
 * one form.
 */
export function decimalSchema(decimals: number, range: Range = {}): Schema {
  const { least = '0', most } = range;
  const above: Schema = most === undefined ? { exclusiveMaximum: 1e15 } : { maximum: Number(most) };
  return {
    anyOf: [
      { type: 'string', pattern: patternOf(decimals, range) },
      { type: 'number', minimum: Number(least), ...above },
    ],
    description:
      most === undefined
        ? `Not negative, at most ${decimals} decimals and 15 digits before them.`
        : `${least} to ${most}, at most ${decimals} decimals.`,
  };
}

/**
 * Returns a pattern of the decimals in a range: a schema can't compare texts as numbers.
 * @param range its least value, if there is one, is a 1 after zeros, and its greatest is whole: no card needs more.
 */
function patternOf(decimals: number, { least, most }: Range): string {
  const part = `(\\.[0-9]{1,${decimals}})?`;
  const whole =
    most === undefined
      ? `(0|[1-9][0-9]{0,14})${part}`
      : `((${wholeBelow(most)})${part}|${most}(\\.0{1,${decimals}})?)`;
  return `^${least === undefined ? '' : notBelow(least)}${whole}$`;
}

/** Refuses zero, and what has nothing but zeros where `least` ends. */
function notBelow(least: string): string {
  const zeros = /^0\.(0*1)$/.exec(least)?.[1]?.length;
  if (zeros === undefined) throw new Error(`No pattern for decimals from ${least} on.`);
  return `(?!0(\\.0*)?$|0\\.0{${zeros}})`;
}

/** Returns a pattern of the whole numbers below one: those with fewer digits, and those with a smaller digit. */
function wholeBelow(bound: string): string {
  if (!/^[1-9][0-9]*$/.test(bound)) throw new Error(`No pattern for decimals up to ${bound}.`);
  const length = bound.length;
  const shorter = length === 1 ? [] : ['0', `[1-9][0-9]{0,${length - 2}}`];
  const smaller = [...bound].flatMap((digit, at) => {
    const lowest = at === 0 && length > 1 ? 1 : 0;
    if (Number(digit) <= lowest) return [];
    const rest = length - at - 1;
    return `${bound.slice(0, at)}[${lowest}-${Number(digit) - 1}]${rest === 0 ? '' : `[0-9]{${rest}}`}`;
  });
  return [...shorter, ...smaller].join('|');
}
