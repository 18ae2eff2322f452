import type { BillingZone } from '../../../domain/billing-period/zone';
import { LAST_INSTANT, parseInstant } from '../../../domain/time';

/**
 * A time as databases write it: a space or a T, seconds optional, and an offset such as Z, +02, +0200, +02:00, UTC or
 * none.
 */
const TABLE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2})?(\.\d+)? ?([Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Returns the instant that a table's time names, in milliseconds since 1970; `undefined` if it names none.
 * @param zone whose clock applies if the text has no offset. If an hour occurs twice, the first one counts.
 */
export function readTableTime(text: string, zone: BillingZone): number | undefined {
  const match = TABLE_TIME.exec(text);
  if (match === null) return undefined;
  const [, day, minute, second = ':00', fraction = '', offset] = match;
  const local = `${day}T${minute}${second}${fraction}`;
  if (offset === undefined) {
    const asUtc = parseInstant(`${local}Z`);
    const instant = asUtc === undefined ? -1 : zone.instantOfLocal(asUtc);
    // East of Greenwich, the first hours of 1970 are still in 1969; west of it, the last ones of 9999 are in 10000.
    return instant < 0 || instant > LAST_INSTANT ? undefined : instant;
  }
  return parseInstant(`${local}${fullOffset(offset)}`);
}

function fullOffset(offset: string): string {
  if (/^(Z|UTC)$/i.test(offset)) return 'Z';
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '').padEnd(2, '0')}`;
}
