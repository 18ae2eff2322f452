import { BillingZone } from '../../domain/billing-period/zone';
import { monthOf, monthStart } from './months';

describe.each(['UTC', 'Asia/Taipei', 'America/New_York'])("the checker's months in %s", (name) => {
  const zone = new BillingZone(name);

  it.each([
    '1970-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.999Z',
    '2026-10-31T16:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
    '9999-11-30T23:59:59.999Z',
    '9999-12-01T00:00:00.000Z',
    '9999-12-15T12:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ])('have %s where the service has it', (text) => {
    const instant = Date.parse(text);
    expect(monthOf(instant, name)).toBe(zone.periodOf(instant).period);
  });

  it.each(['1970-01', '2026-11', '9999-12', '10000-01'])(
    'begin %s when the service does',
    (period) => {
      expect(monthStart(period, name)).toBe(zone.period(period).from);
    },
  );
});
