import { draftFor, draftOf, inForce } from './draft';

const PRICE = {
  per_seconds: '60',
  increment_seconds: '60',
  increment_rounding: 'up',
  minimum_seconds: '60',
  channels: 'ignore',
  extra_increments: 0,
};
const card = (rate_card_id: string, currency: string, effective_from: string, amount: string) => ({
  rate_card_id,
  currency,
  effective_from,
  rounding: 'half_up',
  prices: { google: { ...PRICE, amount } },
});
const OLD = card('old', 'TWD', '1970-01-01T00:00:00.000Z', '0.6');
const NEW = card('new', 'TWD', '2026-11-01T00:00:00.000Z', '0.9');
const DOLLARS = card('dollars', 'USD', '1970-01-01T00:00:00.000Z', '0.02');
const CARDS = [OLD, NEW, DOLLARS];
const from = '2026-11-12T10:00:00.000Z';

describe('the draft of a card', () => {
  it('copies what a person writes', () => {
    expect(draftOf(DOLLARS)).toEqual({
      currency: 'USD',
      rounding: 'half_up',
      prices: { google: { ...PRICE, amount: '0.02' } },
    });
    expect(draftOf(undefined)).toMatchObject({ currency: 'TWD' });
  });

  it('for a missing price is in the currency of the attempt, whichever card is the newest', () => {
    expect(draftFor({ provider: 'soniox', currency: 'TWD', from }, CARDS)).toEqual({
      effective_from: from,
      currency: 'TWD',
      rounding: 'half_up',
      prices: { soniox: { ...PRICE, amount: '' }, google: { ...PRICE, amount: '0.9' } },
    });
    expect(draftFor({ provider: 'soniox', currency: null, from }, CARDS)).toMatchObject({
      currency: 'USD',
    });
  });

  it('for a missing price copies the card that was in force then: another one would change prices', () => {
    const before = '2026-10-12T10:00:00.000Z';
    expect(draftFor({ provider: 'soniox', currency: 'TWD', from: before }, CARDS)).toMatchObject({
      effective_from: before,
      prices: { google: { amount: '0.6' } },
    });
  });

  it('for a missing price in a currency without a card has nothing else', () => {
    expect(draftFor({ provider: 'soniox', currency: 'EUR', from }, CARDS)).toEqual({
      effective_from: from,
      currency: 'EUR',
      prices: { soniox: { amount: '' } },
    });
  });
});

it('knows which card is in force: the last of those with the latest start', () => {
  const again = card('again', 'TWD', NEW.effective_from, '1');
  const at = (time: string) => inForce([OLD, NEW, again], Date.parse(time))?.rate_card_id;
  expect(at('2026-10-31T23:59:59.999Z')).toBe('old');
  expect(at(NEW.effective_from)).toBe('again');
  expect(inForce([NEW], 0)).toBeUndefined();
});
