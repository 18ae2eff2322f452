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

/** Makes each formatter once a locale: to make one takes longer than to format a page of lines with it. */
function kept<Options, Formatter>(
  make: (locale: string | undefined, options: Options) => Formatter,
): (options: Options) => Formatter {
  const made = new Map<string | undefined, Map<Options, Formatter>>();
  return (options) => {
    const locale = formatLocale();
    const ofLocale = made.get(locale) ?? new Map<Options, Formatter>();
    made.set(locale, ofLocale);
    const formatter = ofLocale.get(options) ?? make(locale, options);
    ofLocale.set(options, formatter);
    return formatter;
  };
}

const numbers = kept(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
const dates = kept(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
const instants = kept(
  (locale, timeZone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }),
);

const TWO_PLACES = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const SIGNED = { ...TWO_PLACES, signDisplay: 'exceptZero' } as const;
const UP_TO_TWELVE = { maximumFractionDigits: 12 };
const UP_TO_ONE = { maximumFractionDigits: 1 };
const WHOLE = {};
const MONTHS = {
  long: { month: 'long', year: 'numeric', timeZone: 'UTC' },
  short: { month: 'short', year: 'numeric', timeZone: 'UTC' },
} as const;
const DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;

/** An amount of whole cents, without its currency. */
export const money = (cents: number) => numbers(TWO_PLACES).format(exact(centsToUnits(cents)));
/** The same with its sign, for what changes a bill. */
export const change = (cents: number) => numbers(SIGNED).format(exact(centsToUnits(cents)));
/** A decimal string in full. */
export const decimal = (text: string) => numbers(UP_TO_TWELVE).format(exact(text));
/** A cost that is no whole number of cents, to read at a glance: two decimals. */
export const roughly = (text: string) => numbers(TWO_PLACES).format(exact(text));
/** Minutes to read at a glance: one decimal. */
export const minutes = (text: string) => numbers(UP_TO_ONE).format(exact(text));
export const count = (number: number) => numbers(WHOLE).format(number);
export const bytes = (number: number) => t('{0} MB', numbers(UP_TO_ONE).format(number / 1e6));

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
  return dates(MONTHS[style]).format(new Date(`${period}-01T00:00:00Z`));
}

export function day(date: string): string {
  return dates(DAY).format(new Date(`${date}T00:00:00Z`));
}

/** An instant in a zone, to the second. */
export function instant(time: string, zone: string): string {
  return instants(zone).format(new Date(time));
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
  return `${numbers(WHOLE).format(Math.floor(seconds / 86_400))} d`;
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
