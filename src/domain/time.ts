const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Later instants need a year of more than four digits. */
export const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an RFC 3339 text as milliseconds since 1970. Digits beyond the millisecond are cut, never rounded.
 * Returns `undefined` if the text is not RFC 3339, has a leap second (`:60`), or has a year outside 1970 to 9999, as
 * written or in UTC.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * (match[8] === '-' ? -1 : 1);
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, millis) - offset * 60_000;
  return year < 1970 || instant < 0 || instant > LAST_INSTANT ? undefined : instant;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Prints an instant in the one form that is ever written: `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function printInstant(millis: number): string {
  return new Date(millis).toISOString();
}
