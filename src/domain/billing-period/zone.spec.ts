import { addMonths, BillingZone } from './zone';

const at = (text: string) => Date.parse(text);
const print = (instant: number) => new Date(instant).toISOString();

describe('months of a named time zone', () => {
  it.each([
    ['UTC', '2026-12-31T23:59:59.999Z', '2026-12'],
    ['UTC', '2027-01-01T00:00:00.000Z', '2027-01'],
    ['Asia/Taipei', '2026-12-31T15:59:59.999Z', '2026-12'],
    ['Asia/Taipei', '2026-12-31T16:00:00.000Z', '2027-01'],
    ['America/New_York', '2026-11-01T03:59:59.999Z', '2026-10'],
    ['America/New_York', '2026-11-01T04:00:00.000Z', '2026-11'],
    // The hour that repeats at the clock change on 1 November 2026 is in November, both times.
    ['America/New_York', '2026-11-01T05:30:00.000Z', '2026-11'],
    ['America/New_York', '2026-11-01T06:30:00.000Z', '2026-11'],
    ['America/New_York', '2026-12-01T04:59:59.999Z', '2026-11'],
    ['UTC', '2028-02-29T12:00:00.000Z', '2028-02'],
    ['UTC', '2028-02-29T23:59:59.999Z', '2028-02'],
  ])('in %s, %s is in %s', (zone, instant, period) => {
    expect(new BillingZone(zone).periodOf(at(instant)).period).toBe(period);
  });

  it('make a month with a clock change an hour longer or shorter', () => {
    const zone = new BillingZone('America/New_York');
    const hours = (period: string) => {
      const { from, to } = zone.period(period);
      return (to - from) / 3_600_000;
    };
    expect([hours('2026-10'), hours('2026-11'), hours('2026-03')]).toEqual([744, 721, 743]);
  });

  it('end the last month of 9999 where the year 10000 begins', () => {
    const { from, to } = new BillingZone('UTC').period('9999-12');
    expect(to - from).toBe(31 * 86_400_000);
  });

  it('meet: each begins when the one before it ends', () => {
    for (const name of ['UTC', 'Asia/Taipei', 'America/New_York', 'Africa/Casablanca']) {
      const zone = new BillingZone(name);
      for (let period = '2024-01'; period < '2030-01'; period = addMonths(period, 1)) {
        expect(zone.period(period).to).toBe(zone.period(addMonths(period, 1)).from);
        expect(zone.periodOf(zone.period(period).from).period).toBe(period);
        expect(zone.periodOf(zone.period(period).to - 1).period).toBe(period);
      }
    }
  });

  it('begin a month whose midnight does not exist at its first instant', () => {
    // In Asuncion, clocks went from 23:59:59 on 30 September 2023 to 01:00 on 1 October.
    const { from } = new BillingZone('America/Asuncion').period('2023-10');
    expect(print(from)).toBe('2023-10-01T04:00:00.000Z');
  });

  it.each([
    ['day', '2026-11-01T05:30:00Z', '2026-11-02T05:00:00.000Z'],
    ['day', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00.000Z'],
    ['week', '2026-11-01T12:00:00Z', '2026-11-02T05:00:00.000Z'],
    ['week', '2026-11-02T12:00:00Z', '2026-11-09T05:00:00.000Z'],
    ['month', '2026-11-02T12:00:00Z', '2026-12-01T05:00:00.000Z'],
  ] as const)('the %s of %s in New York ends at %s', (unit, instant, end) => {
    expect(print(new BillingZone('America/New_York').endOf(unit, at(instant)))).toBe(end);
  });

  it.each([
    ['2026-01', -1, '2025-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-06', -18, '2024-12'],
  ])('%s plus %i months is %s', (period, count, result) => {
    expect(addMonths(period, count)).toBe(result);
  });
});
