import { currentLanguage, formatLocale, t } from './i18n/language';

/*
 * Formats numbers, money and times in the browser's locale, if that belongs to the language in which the console is
 * shown. Amounts are decimal strings; they are rounded only to be read at a glance, and the function's comment says so.
 */

/** Writes whole cents as an exact decimal string: 5 is `0.05`. */
export function centsToUnits(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// Intl.NumberFormat takes exact decimal strings, but its type allows only literals.
const exact = (text: string) => text as Intl.StringNumericLiteral;

/** Makes each formatter once per locale: making one takes longer than formatting a page of lines with it. */
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
    new Intl.DateTimeFormat(locale, {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone,
      // Chinese names parts of the day, of different lengths. Times stand below each other here.
      ...(currentLanguage() === 'zh-TW' ? { hourCycle: 'h23' } : {}),
    }),
);

const TWO_PLACES = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const SIGNED = { ...TWO_PLACES, signDisplay: 'exceptZero' } as const;
const UP_TO_TWELVE = { maximumFractionDigits: 12 };
const UP_TO_ONE = { maximumFractionDigits: 1 };
const WHOLE = {};
const COMPACT = { notation: 'compact', maximumFractionDigits: 1 } as const;
const MONTHS = {
  long: { month: 'long', year: 'numeric', timeZone: 'UTC' },
  short: { month: 'short', year: 'numeric', timeZone: 'UTC' },
} as const;
const DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;

/** Formats an amount of whole cents, without its currency. */
export const money = (cents: number) => numbers(TWO_PLACES).format(exact(centsToUnits(cents)));
/** Like {@link money}, with a sign unless it is 0: for what changes a bill. */
export const change = (cents: number) => numbers(SIGNED).format(exact(centsToUnits(cents)));
/** Writes an amount for a place whose amounts are in one currency: another currency stands before its amount. */
export const inCurrency = (amount: string, currency: string, own: string | null) =>
  currency === own ? amount : `${currency} ${amount}`;
/** Formats a decimal string in full. */
export const decimal = (text: string) => numbers(UP_TO_TWELVE).format(exact(text));
/** Formats a cost of fractional cents to be read at a glance: two decimals. */
export const roughly = (text: string) => numbers(TWO_PLACES).format(exact(text));
/** Formats minutes to be read at a glance: one decimal. */
export const minutes = (text: string) => numbers(UP_TO_ONE).format(exact(text));
export const count = (number: number) => numbers(WHOLE).format(number);
/** Formats a number for an axis: 12.3K. */
export const compact = (number: number) => numbers(COMPACT).format(number);
/** Formats a decimal number of seconds in full: `90.5 s`. */
export const seconds = (text: string) => t('{0} s', decimal(text));
/** Joins items of a list, without a word before the last one. */
export const listed = (items: readonly string[]) => items.join(t(', '));
export const bytes = (number: number) => t('{0} MB', numbers(UP_TO_ONE).format(number / 1e6));

/** Formats how much more (`+12%`) or less than before, also below 0; `undefined` if there was nothing before. */
export function growth(now: number, before: number): string | undefined {
  if (before === 0) return undefined;
  const share = (now - before) / Math.abs(before);
  return new Intl.NumberFormat(formatLocale(), {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0,
  }).format(share);
}

/** A month's name: `2026-11` is November 2026. */
export function month(period: string, style: 'long' | 'short' = 'long'): string {
  return dates(MONTHS[style]).format(new Date(`${period}-01T00:00:00Z`));
}

export function day(date: string): string {
  return dates(DAY).format(new Date(`${date}T00:00:00Z`));
}

/** Formats an instant in a zone, to the second. */
export function instant(time: string, zone: string): string {
  return instants(zone).format(new Date(time));
}

/** Returns the month (`YYYY-MM`) so many steps later, or earlier if `steps` is negative. */
export function monthsFrom(period: string, steps: number): string {
  const [year, number] = period.split('-').map(Number) as [number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, number - 1 + steps, 1);
  return date.toISOString().slice(0, 7);
}

/** Formats seconds in their largest whole unit: `45 s`, `5 min`, `2 h`, `3 d`. */
export function age(seconds: number): string {
  if (seconds < 60) return t('{0} s', Math.floor(seconds));
  if (seconds < 3_600) return t('{0} min', Math.floor(seconds / 60));
  if (seconds < 86_400) return t('{0} h', Math.floor(seconds / 3_600));
  return t('{0} d', count(Math.floor(seconds / 86_400)));
}

export { words } from './i18n/words';

/**
 * Reads an amount that a person typed, such as `-12.50`, into whole cents; `undefined` if it is not an amount.
 * Digits and one point only: a comma means thousands to one reader and cents to another.
 */
export function readCents(text: string): number | undefined {
  const match = /^([-+−]?)(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, units, cents = ''] = match;
  const value = Number(`${units}${cents.padEnd(2, '0')}`);
  return sign === '-' || sign === '−' ? -value : value;
}
