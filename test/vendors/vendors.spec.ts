import { print, ZERO } from '../../src/domain/money';
import { parseRateCard } from '../../src/domain/rating/rate-card';
import { rateStatement } from '../../src/domain/rating/statement';
import { VENDORS, type Vendor, type VendorCase } from './vendors';

function rate({ currency, price, includedMinutes = '0' }: Vendor, { recordings }: VendorCase) {
  const card = { rate_card_id: 'c', ...parseRateCard({ currency, prices: { default: price } }, 0) };
  return rateStatement(
    recordings.map(([durationSeconds, channels = 1]) => ({
      billable: true,
      provider: 'vendor',
      durationSeconds,
      channels,
      speakerCount: null,
      confidenceScore: null,
      card,
      includedMinutes,
    })),
  );
}

describe("vendors' published price rules, as rate cards", () => {
  it('cover more than eight vendors, and each names its source', () => {
    const names = new Set(VENDORS.map(({ vendor }) => vendor.split(/[ ,]/)[0]));
    expect(names.size).toBeGreaterThanOrEqual(8);
    for (const { source } of VENDORS) expect(source).toMatch(/^https:\/\//);
  });

  describe.each(VENDORS)('$vendor ($evidence)', (vendor) => {
    it.each(vendor.cases)('$says', (one) => {
      const rated = rate(vendor, one);
      const billed = rated.reduce((sum, log) => sum.plus(log.billedSeconds), ZERO);
      const cost = rated.reduce((sum, log) => sum.plus(log.cost), ZERO);
      expect(print(billed)).toBe(one.billedSeconds);
      if (one.cost !== undefined) expect(print(cost)).toBe(one.cost);
      const cents = rated.reduce((sum, log) => sum + log.costCents, 0);
      if (one.cents !== undefined) expect(cents).toBe(one.cents);
    });
  });

  it('show what Deepgram shows, to its five decimals', () => {
    const [base, nova] = VENDORS.filter(({ vendor }) => vendor.startsWith('Deepgram'));
    const shown = (vendor: Vendor) => rate(vendor, vendor.cases[0]!)[0]!.cost.toFixed(5);
    expect([shown(base!), shown(nova!)]).toEqual(['0.00542', '0.00191']);
  });
});
