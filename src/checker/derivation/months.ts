/** Instants and billing periods (docs/reference/rules.md#months). */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Reads to the millisecond: further digits are cut, never rounded (docs/reference/rules.md#value-3). */
export function readInstant(text: string): number {
  const match = RFC_3339.exec(text);
  if (!match) throw new Error(`not an RFC 3339 time: ${text}`);
  const [, year, month, day, hour, minute, second, fraction = '', sign, offHour, offMinute] = match;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  const offset = sign ? (Number(offHour) * 60 + Number(offMinute)) * 60_000 : 0;
  return sign === '-' ? local + offset : local - offset;
}

/** As `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export const writeInstant = (instant: number): string => new Date(instant).toISOString();

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns the calendar month that a wall clock in `zone` shows, counted in months. */
function wallMonth(instant: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
    });
  formats.set(zone, format);
  const parts = format.formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value);
  return monthNumber(part('year'), part('month'));
}

/** Numbers months: compared as texts, the month after 9999-12, which is 10000-01, would come before it. */
const monthNumber = (year: number, month: number): number => year * 12 + month - 1;

function monthNamed(number: number): string {
  const year = String(Math.floor(number / 12)).padStart(4, '0');
  return `${year}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function numberOf(period: string): number {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return monthNumber(year, month);
}

/**
 * Returns the billing period of an instant in `zone`, as `YYYY-MM`: the one with the instant in `[start, start of the
 * next)`.
 */
export function monthOf(instant: number, zone: string): string {
  // No zone is more than a day away from UTC, so it is UTC's month or one beside it.
  const near = new Date(instant).toISOString().slice(0, 7);
  if (instant < monthStart(near, zone)) return monthBefore(near);
  const next = nextMonth(near);
  return instant < monthStart(next, zone) ? near : next;
}

export const nextMonth = (period: string): string => monthNamed(numberOf(period) + 1);

export const monthBefore = (period: string): string => monthNamed(numberOf(period) - 1);

const MINUTE = 60_000;
const starts = new Map<string, number>();

/** Returns the first instant of a month in a zone. It uses binary search, so that it needs no knowledge of the zone. */
export function monthStart(period: string, zone: string): number {
  const key = `${zone} ${period}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const number = numberOf(period);
  const isIn = (instant: number) => wallMonth(instant, zone) >= number;
  const near = Date.UTC(1970, number - monthNumber(1970, 1));
  let start = firstWhere(near - 2 * 86_400_000, near + 2 * 86_400_000, isIn);
  // If clocks go back just after midnight, the month begins twice. The first time counts.
  for (let back = start - 180 * MINUTE; back < start; back += MINUTE) {
    if (isIn(back)) start = firstWhere(back - MINUTE, back, isIn);
  }
  starts.set(key, start);
  return start;
}

/**
 * Returns the first instant after `before` at which something holds. It must not hold at `before`, and must hold at
 * `after`.
 */
function firstWhere(before: number, after: number, holds: (instant: number) => boolean): number {
  let [no, yes] = [before, after];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
