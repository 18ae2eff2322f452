/** Instants and billing periods (product.md, Words and Events). */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** "Instants are kept to the millisecond, further digits are cut, never rounded." */
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

/** "Written back as `YYYY-MM-DDTHH:MM:SS.sssZ`." */
export const writeInstant = (instant: number): string => new Date(instant).toISOString();

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, string>();

/** The calendar month of an instant on a wall in `zone`, as `YYYY-MM`. */
export function monthOf(instant: number, zone: string): string {
  const key = `${zone} ${instant}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
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
  const part = (type: string) =>
    format.formatToParts(instant).find((one) => one.type === type)!.value;
  const month = `${part('year').padStart(4, '0')}-${part('month')}`;
  known.set(key, month);
  return month;
}

export function nextMonth(period: string): string {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return month === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}`;
}

/** The first instant of a month in a zone: found by halving, as nothing is known of the zone. */
export function monthStart(period: string, zone: string): number {
  const near = Date.parse(`${period}-01T00:00:00.000Z`);
  let before = near - 2 * 86_400_000;
  let after = near + 2 * 86_400_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (monthOf(middle, zone) < period) before = middle;
    else after = middle;
  }
  return after;
}
