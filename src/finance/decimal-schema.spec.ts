import { CARD_RANGES, decimalOf, DECIMALS, type Range } from '../domain/rating/card-fields';
import { decimalSchema } from './decimal-schema';

const WHOLE = ['0', '1', '2', '9', '10', '99', '100', '101', '999', '1000', '29999', '35999'];
const GREAT = ['36000', '36001', '39999', '40000', '99999', '360000', '999999999', '1000000000'];
const GREATER = ['1000000001', '1999999999', '10000000000', '999999999999999', '1000000000000000'];
const PARTS = ['', '.0', '.00', '.000000000000', '.1', '.001', '.0009', '.0010', '.000999999999'];
const SMALL = ['.000000000001', '.0000000000001', '.999999999999', '.'];

/** The texts that are tried: every whole number with every part. */
const TEXTS = [...WHOLE, ...GREAT, ...GREATER, '-1', '01', ''].flatMap((whole) =>
  [...PARTS, ...SMALL].map((part) => whole + part),
);

describe('the schema of a decimal', () => {
  it.each<[string, Range]>([['a decimal without a range', {}], ...Object.entries(CARD_RANGES)])(
    'allows the texts and numbers that the parser takes: %s',
    (_, range) => {
      const takes = (value: string | number) => {
        try {
          return decimalOf(value, '', range) !== '';
        } catch {
          return false;
        }
      };
      const { anyOf } = decimalSchema(DECIMALS, range) as {
        anyOf: [{ pattern: string }, { minimum: number; maximum?: number }];
      };
      const [{ pattern }, { minimum, maximum = 1e15 - 1 }] = anyOf;
      const allowed = TEXTS.filter((text) => new RegExp(pattern, 'u').test(text));
      expect(allowed).toEqual(TEXTS.filter(takes));
      const numbers = [-1, 0, 0.0001, 0.001, 1, 1.5, 100, 100.5, 36_000, 36_000.5, 1e9, 1e9 + 1];
      expect(numbers.filter((one) => one >= minimum && one <= maximum)).toEqual(
        numbers.filter(takes),
      );
    },
  );
});
