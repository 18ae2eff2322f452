import { tryCard, type ThoughtOf } from './try-card';

const SESSION: ThoughtOf = {
  provider: 'google',
  seconds: '90.25',
  channels: '1',
  speakers: '',
  confidence: '',
  minutesBefore: '',
};
const card = (google: object, more: object = {}) => ({
  currency: 'TWD',
  prices: { google },
  ...more,
});
const perMinute = { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 };

describe('trying a card', () => {
  it('says what a session would cost, and how', () => {
    expect(tryCard(card(perMinute), SESSION)).toEqual({
      currency: 'TWD',
      entry: 'google',
      billedSeconds: '120',
      parts: [{ seconds: '120', amount: '0.03' }],
      perSeconds: '60',
      flat: '0',
      factor: '1',
      cost: '0.06',
    });
  });

  it.each<[string, object, Partial<ThoughtOf>, string]>([
    [
      'the default, for a provider that it does not name',
      { prices: { default: perMinute } },
      { provider: ' Deepgram ' },
      '0.06',
    ],
    ['channels', card({ ...perMinute, channels: 'each' }), { channels: '2' }, '0.12'],
    [
      'surcharges',
      card(perMinute, { surcharges: { speakers_included: 2, per_extra_speaker: '0.1' } }),
      { speakers: '3' },
      '0.066',
    ],
    ['no seconds', card(perMinute), { seconds: '0' }, '0'],
  ])('counts %s', (_, draft, session, cost) => {
    expect(tryCard({ currency: 'TWD', ...draft }, { ...SESSION, ...session })).toMatchObject({
      cost,
    });
  });

  const tiers = [
    { up_to_minutes: 10, amount: '0.60' },
    { up_to_minutes: null, amount: '0.30', flat_amount: '1' },
  ];
  it.each([
    ['graduated', '9', '1.9'],
    ['graduated', '20', '0.6'],
    ['volume', '9', '0.6'],
    ['volume', '8', '1.2'],
  ])('places %s tiers after the minutes before: %s', (tier_mode, minutesBefore, cost) => {
    const draft = card({ tiers, tier_mode, increment_seconds: 60 });
    expect(tryCard(draft, { ...SESSION, minutesBefore })).toMatchObject({ cost });
  });

  it.each<[string, unknown, Partial<ThoughtOf>, string | undefined, RegExp]>([
    ['a card without a currency', { prices: {} }, {}, '/currency', /three capital letters/],
    ['a price that is no number', card({ amount: 'free' }), {}, '/prices/google/amount', /./],
    ['a provider without a price', card(perMinute), { provider: 'azure' }, '/prices', /no price/],
    ['seconds that are no decimal', card(perMinute), { seconds: '1e3' }, undefined, /^Seconds/],
    ['no channel', card(perMinute), { channels: '0' }, undefined, /^Channels/],
    ['too much confidence', card(perMinute), { confidence: '2' }, undefined, /^Confidence/],
    ['minutes below 0', card(perMinute), { minutesBefore: '-1' }, undefined, /^Minutes before/],
  ])('says what is wrong: %s', (_, draft, session, pointer, detail) => {
    expect(tryCard(draft, { ...SESSION, ...session })).toEqual({
      detail: expect.stringMatching(detail) as string,
      pointer,
    });
  });
});
