import { parsePlans } from '../plan/parse-plans';
import { parseRateCard, SHIPPED_CARD, type RateCard } from '../rating/rate-card';
import type { Json } from '../events/facts';
import { checkKnownCard, checkKnownPlan } from './known-terms';

const tiered: Json = {
  currency: 'EUR',
  retry_after_failure: 'free',
  prices: {
    google: { channels: 'each', increment_rounding: 'down', amount: '1' },
    default: { tier_mode: 'volume', tiers: [{ up_to_minutes: null, amount: '1' }] },
  },
};
const cardOf = (raw: Json): RateCard => ({ rate_card_id: 'c-1', ...parseRateCard(raw, 0) });
/** A card with a value replaced, at a path into it. */
function changed(path: readonly string[], value: unknown): RateCard {
  const card = structuredClone(cardOf(tiered)) as unknown as Record<string, unknown>;
  let within = card;
  for (const name of path.slice(0, -1)) within = within[name] as Record<string, unknown>;
  within[path.at(-1)!] = value;
  return card as unknown as RateCard;
}

describe('recorded terms', () => {
  it('are known if this program could have written them', () => {
    for (const raw of [SHIPPED_CARD, tiered])
      expect(() => checkKnownCard(cardOf(raw))).not.toThrow();
    for (const [name, plan] of Object.entries(parsePlans({ free: {} }))) {
      expect(() => checkKnownPlan(name, plan)).not.toThrow();
    }
  });

  it.each([
    [['discount'], '5', 'The rate card c-1 has a field discount'],
    [['surcharges', 'per_word'], '1', 'has a field per_word'],
    [['prices', 'google', 'maximum_seconds'], '1', 'has a field maximum_seconds'],
    [['prices', 'default', 'tiers', '0', 'cap'], '1', 'has a field cap'],
    [['rounding'], 'half_down', 'has "half_down" as its rounding'],
    [['retry_after_failure'], 'half', 'has "half" as its retry_after_failure'],
    [['prices', 'google', 'channels'], 'loudest', 'has "loudest" as its channels'],
    [['prices', 'default', 'tier_mode'], 'stairs', 'has "stairs" as its tier_mode'],
  ])('of a newer version are refused: %j', (path, value, why) => {
    expect(() => checkKnownCard(changed(path, value))).toThrow(why);
    expect(() => checkKnownCard(changed(path, value))).toThrow(
      'which this program does not know. A newer Minutebook wrote it: run that version or a later one.',
    );
  });

  it('of a newer version are refused: a plan with another field', () => {
    const plan = { ...parsePlans({ free: {} })['free']!, seats: 3 };
    expect(() => checkKnownPlan('free', plan)).toThrow('The plan free has a field seats');
  });
});
