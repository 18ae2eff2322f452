/**
 * Exact fractions of BigInts (docs/reference/rules.md#value-1). A fraction needs no working precision, so the reference
 * can't share a precision mistake with an implementation on decimal.js.
 */
export type Rounding = 'half_even' | 'half_up' | 'up' | 'down';

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/** Returns whether `floor + rest / denominator` is rounded to `floor + 1`, and not to `floor`. */
function raises(rounding: Rounding, rest: bigint, denominator: bigint, floor: bigint): boolean {
  const overHalf = 2n * rest - denominator;
  switch (rounding) {
    case 'up':
      return rest > 0n;
    case 'down':
      return false;
    case 'half_up':
      return overHalf >= 0n;
    case 'half_even':
      return overHalf > 0n || (overHalf === 0n && floor % 2n === 1n);
  }
}

export class Rational {
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  static of(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
    let [n, d] = [BigInt(numerator), BigInt(denominator)];
    if (d === 0n) throw new Error('division by zero');
    if (d < 0n) [n, d] = [-n, -d];
    const common = gcd(n, d);
    return new Rational(n / common, d / common);
  }

  /** Parses a decimal as written, or a number as JavaScript prints it (which may have an exponent). */
  static parse(value: string | number): Rational {
    const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-]?[0-9]+))?$/i.exec(String(value));
    if (!match) throw new Error(`not a decimal: ${value}`);
    const [, sign, whole, fraction = '', exponent = '0'] = match;
    const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
    const scale = fraction.length - Number(exponent);
    return scale >= 0
      ? Rational.of(digits, 10n ** BigInt(scale))
      : Rational.of(digits * 10n ** BigInt(-scale));
  }

  plus(other: Rational): Rational {
    return Rational.of(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  minus(other: Rational): Rational {
    return this.plus(Rational.of(-other.numerator, other.denominator));
  }

  times(other: Rational): Rational {
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  compare(other: Rational): number {
    const difference = this.minus(other).numerator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  /** Rounds to a whole number. `up` is away from zero, though nothing here is negative. */
  whole(rounding: Rounding): bigint {
    const negative = this.numerator < 0n;
    const magnitude = negative ? -this.numerator : this.numerator;
    const floor = magnitude / this.denominator;
    const rest = magnitude % this.denominator;
    const raise = raises(rounding, rest, this.denominator, floor);
    const result = raise ? floor + 1n : floor;
    return negative ? -result : result;
  }

  /** Rounds to a number of decimals. */
  rounded(decimals: number, rounding: Rounding): Rational {
    const scale = Rational.of(10n ** BigInt(decimals));
    return Rational.of(this.times(scale).whole(rounding)).over(scale);
  }

  /** Prints as on the wire: without exponent or trailing zeros (docs/reference/rules.md#value-1). */
  toWire(): string {
    let scale = 0;
    let power = 1n;
    while ((this.numerator * power) % this.denominator !== 0n) {
      if (++scale > 100) throw new Error(`${this.numerator}/${this.denominator} does not end`);
      power *= 10n;
    }
    const scaled = (this.numerator * power) / this.denominator;
    const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    return `${scaled < 0n ? '-' : ''}${whole}${scale ? `.${digits.slice(-scale)}` : ''}`;
  }
}

export const ZERO = Rational.of(0);
export const ONE = Rational.of(1);

export const max = (a: Rational, b: Rational): Rational => (a.compare(b) >= 0 ? a : b);
export const min = (a: Rational, b: Rational): Rational => (a.compare(b) <= 0 ? a : b);
export const sum = (all: readonly Rational[]): Rational =>
  all.reduce((total, one) => total.plus(one), ZERO);
