import { invalidField } from './fields.js';

/** A whole number of audio frames (samples of one channel), and the whole number of frames per second. */
export interface Frames {
  readonly frames: number | bigint;
  readonly rate: number | bigint;
}

/** A length of time: seconds as a number or a decimal text, or frames and their rate. */
export type Duration = number | string | Frames;

const DECIMALS = 9n;
const SCALE = 10n ** DECIMALS;
const DECIMAL = /^([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?$/;
const LONGEST_TEXT = 400;

/**
 * Writes seconds as the ledger takes them: a decimal text of at most 9 decimals, rounded half-even, without trailing
 * zeros. The arithmetic is exact: 441001 frames at 44100 per second are `10.000022676`. A number counts as the decimal
 * that JavaScript prints.
 * @param field the name of the field, for the error.
 * @throws ClientError `invalid_field` if it is not a length of time.
 */
export function durationSeconds(duration: Duration, field = 'duration_seconds'): string {
  const refuse = (): never => {
    throw invalidField(
      field,
      'must be seconds, 0 or more, as a number or a decimal text, or whole frames and their rate per second',
    );
  };
  if (typeof duration === 'object' && duration !== null) {
    return rounded(whole(duration.frames, 0n) ?? refuse(), whole(duration.rate, 1n) ?? refuse());
  }
  const text = String(duration);
  const [, integer = '', fraction = '', exponent = '0'] =
    (text.length <= LONGEST_TEXT && DECIMAL.exec(text)) || refuse();
  const power = Number(exponent) - fraction.length;
  // Beyond these bounds the length is 0, or longer than any recording.
  if (power < -LONGEST_TEXT * 2) return '0';
  if (power > LONGEST_TEXT) refuse();
  const digits = BigInt(integer + fraction);
  return power < 0
    ? rounded(digits, 10n ** BigInt(-power))
    : rounded(digits * 10n ** BigInt(power), 1n);
}

function whole(value: number | bigint, least: bigint): bigint | undefined {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return undefined;
  const exact = BigInt(value);
  return exact >= least ? exact : undefined;
}

/** Rounds a fraction half-even to nine decimals. */
function rounded(numerator: bigint, denominator: bigint): string {
  const scaled = numerator * SCALE;
  let units = scaled / denominator;
  const twice = (scaled % denominator) * 2n;
  if (twice > denominator || (twice === denominator && units % 2n === 1n)) units += 1n;
  const fraction = String(units % SCALE)
    .padStart(Number(DECIMALS), '0')
    .replace(/0+$/, '');
  return `${units / SCALE}${fraction === '' ? '' : `.${fraction}`}`;
}
