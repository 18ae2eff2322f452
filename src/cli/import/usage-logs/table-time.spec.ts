import { BillingZone } from '../../../domain/billing-period/zone';
import { printInstant } from '../../../domain/time';
import { readTableTime } from './table-time';

const read = (text: string, zone = 'UTC') => {
  const instant = readTableTime(text, new BillingZone(zone));
  return instant === undefined ? undefined : printInstant(instant);
};

describe('a time in a table', () => {
  it.each([
    ['2026-10-01T12:00:00Z', '2026-10-01T12:00:00.000Z'],
    ['2026-10-01 12:00:00.123456+00', '2026-10-01T12:00:00.123Z'],
    ['2026-10-01 12:00:00+0530', '2026-10-01T06:30:00.000Z'],
    ['2026-10-01 12:00-02:30', '2026-10-01T14:30:00.000Z'],
    ['2026-10-01 12:00:00 UTC', '2026-10-01T12:00:00.000Z'],
    ['2026-10-01 12:00', '2026-10-01T12:00:00.000Z'],
  ])('may be written as %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    '2026-10-01',
    '1790812800',
    '01/10/2026 12:00',
    '2026-02-30 12:00:00',
    '2026-10-01 25:00',
  ])('may not be written as %s', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('without an offset follows the clock of a zone, in summer and winter', () => {
    expect(read('2026-07-01 00:30:00', 'Europe/Berlin')).toBe('2026-06-30T22:30:00.000Z');
    expect(read('2026-12-01 00:30:00', 'Europe/Berlin')).toBe('2026-11-30T23:30:00.000Z');
  });

  it('is not one before 1970 in UTC, which would be left out silently', () => {
    expect(read('1970-01-01 00:00:00', 'Asia/Taipei')).toBeUndefined();
    expect(read('1970-01-01 08:00:00', 'Asia/Taipei')).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is not one after 9999 in UTC, which no fact can have', () => {
    expect(read('9999-12-31 23:59:59', 'America/New_York')).toBeUndefined();
    expect(read('9999-12-31 18:59:59.999', 'America/New_York')).toBe('9999-12-31T23:59:59.999Z');
    expect(read('9999-12-31 23:59:59', 'Asia/Taipei')).toBe('9999-12-31T15:59:59.000Z');
  });

  it('is the first if its hour occurs twice, and an hour later if its hour does not exist', () => {
    expect(read('2026-10-25 02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(read('2026-03-29 02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });
});
