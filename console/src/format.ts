import { formatLocale, t } from './i18n/language';

/*
 * Numbers, money and times as the person's own locale writes them, if it is of the language that is read. Amounts stay decimal
 * strings: none is rounded here.
 */

/** Whole cents as an exact decimal string: 5 is `0.05`. */
export function centsToUnits(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// The formatter takes exact decimal strings; the library's type knows only literals of numbers.
const exact = (text: string) => text as Intl.StringNumericLiteral;

const made = new Map<string, Intl.NumberFormat>();

/** A formatter of the locale that is read in now; each is made once. */
function numbers(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const locale = formatLocale();
  const name = `${locale ?? ''}${JSON.stringify(options)}`;
  const formatter = made.get(name) ?? new Intl.NumberFormat(locale, options);
  made.set(name, formatter);
  return formatter;
}

const TWO_PLACES = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const SIGNED = { ...TWO_PLACES, signDisplay: 'exceptZero' } as const;
const twoPlaces = {
  format: (value: Intl.StringNumericLiteral) => numbers(TWO_PLACES).format(value),
};
const signed = { format: (value: Intl.StringNumericLiteral) => numbers(SIGNED).format(value) };
const upToTwelve = {
  format: (value: Intl.StringNumericLiteral) =>
    numbers({ maximumFractionDigits: 12 }).format(value),
};
const upToOne = {
  format: (value: Intl.StringNumericLiteral | number) =>
    numbers({ maximumFractionDigits: 1 }).format(value),
};
const whole = { format: (value: number) => numbers().format(value) };

/** An amount of whole cents, without its currency. */
export const money = (cents: number) => twoPlaces.format(exact(centsToUnits(cents)));
/** The same with its sign, for what changes a bill. */
export const change = (cents: number) => signed.format(exact(centsToUnits(cents)));
/** A decimal string in full. */
export const decimal = (text: string) => upToTwelve.format(exact(text));
/** A cost that is no whole number of cents, to read at a glance: two decimals. */
export const roughly = (text: string) => twoPlaces.format(exact(text));
/** Minutes to read at a glance: one decimal. */
export const minutes = (text: string) => upToOne.format(exact(text));
export const count = (number: number) => whole.format(number);
export const bytes = (number: number) => t('{0} MB', upToOne.format(number / 1e6));

/** How much more (`+12%`) or less than before; `undefined` if there was nothing before. */
export function growth(now: number, before: number): string | undefined {
  if (before === 0) return undefined;
  return new Intl.NumberFormat(formatLocale(), {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(now / before - 1) < 0.1 ? 1 : 0,
  }).format(now / before - 1);
}

/** A month's name: `2026-11` is November 2026. */
export function month(period: string, style: 'long' | 'short' = 'long'): string {
  const options = { month: style, year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(formatLocale(), options).format(
    new Date(`${period}-01T00:00:00Z`),
  );
}

export function day(date: string): string {
  const options = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(formatLocale(), options).format(new Date(`${date}T00:00:00Z`));
}

/** An instant in a zone, to the second. */
export function instant(time: string, zone: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone } as const;
  return new Intl.DateTimeFormat(formatLocale(), options).format(new Date(time));
}

/** The month before or after. */
export function monthsFrom(period: string, steps: number): string {
  const [year, number] = period.split('-').map(Number) as [number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, number - 1 + steps, 1);
  return date.toISOString().slice(0, 7);
}

/** Seconds as a person says them: `2 h 5 min`, `45 s`. */
export function age(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return t('{0} min', Math.floor(seconds / 60));
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${whole.format(Math.floor(seconds / 86_400))} d`;
}

export { words } from './i18n/words';

/**
 * Reads an amount that a person typed, such as `-12.50`, into whole cents; `undefined` if it is none.
 * Digits and one point only: a comma means thousands to one reader and cents to another.
 */
export function readCents(text: string): number | undefined {
  const match = /^([-+−]?)(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, units, cents = ''] = match;
  const value = Number(`${units}${cents.padEnd(2, '0')}`);
  return sign === '-' || sign === '−' ? -value : value;
}
