import type { RawCard, RawPrice, RawTier } from '../derivation/ledger';
import type { Members } from '../json';
import { DoesNotFollow } from '../problem';

/** Reads a rate card as the ledger stores it: with every default filled in and decimals as texts. */
export function readCard(card: Members): RawCard {
  return {
    rate_card_id: card.text('rate_card_id'),
    currency: card.text('currency'),
    effective_from: card.instant('effective_from'),
    rounding: card.oneOf('rounding', ['half_up', 'half_even', 'up', 'down']),
    retry_after_failure: card.oneOf('retry_after_failure', ['bill_first_success', 'free', 'bill']),
    surcharges: readSurcharges(card.members('surcharges')),
    prices: Object.fromEntries(
      card.entries('prices').map(([name, price]) => [name, readPrice(price)]),
    ),
  };
}

function readSurcharges(surcharges: Members): NonNullable<RawCard['surcharges']> {
  const decimals = ['per_extra_speaker', 'confidence_threshold', 'low_confidence'];
  return {
    ...(surcharges.has('speakers_included')
      ? { speakers_included: surcharges.whole('speakers_included', 0) }
      : {}),
    ...Object.fromEntries(
      decimals
        .filter((name) => surcharges.has(name))
        .map((name) => [name, surcharges.decimal(name)]),
    ),
  };
}

function readPrice(price: Members): RawPrice {
  return {
    per_seconds: positive(price, 'per_seconds'),
    increment_seconds: positive(price, 'increment_seconds'),
    increment_rounding: price.oneOf('increment_rounding', ['up', 'half_up', 'down']),
    minimum_seconds: price.decimal('minimum_seconds'),
    channels: price.oneOf('channels', ['ignore', 'each', 'pairs']),
    extra_increments: price.whole('extra_increments', 0),
    ...(price.has('tiers')
      ? { tier_mode: price.oneOf('tier_mode', ['graduated', 'volume']), tiers: readTiers(price) }
      : { amount: price.decimal('amount') }),
  };
}

function readTiers(price: Members): RawTier[] {
  const tiers = price.objects('tiers').map((tier) => ({
    up_to_minutes: tier.has('up_to_minutes') ? positive(tier, 'up_to_minutes') : null,
    amount: tier.decimal('amount'),
    flat_amount: tier.decimal('flat_amount'),
  }));
  if (tiers.at(-1)?.up_to_minutes !== null) {
    throw new DoesNotFollow('The last tier of a price has an upper bound.');
  }
  return tiers;
}

/** Reads a decimal above 0: something is divided by it or counted in it. */
function positive(members: Members, name: string): string {
  const value = members.decimal(name);
  if (/^[0.]*$/.test(value)) throw new DoesNotFollow(`"${name}" of a price is 0.`);
  return value;
}
