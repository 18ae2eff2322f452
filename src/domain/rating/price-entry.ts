import type { CardWord } from './card-fields';

export type IncrementRounding = CardWord<'increment_rounding'>;
export type ChannelsMode = CardWord<'channels'>;

/** A tier: the price of `per_seconds`, up to a number of charged minutes in the period (inclusive; null = no end). */
export interface Tier {
  readonly up_to_minutes: string | null;
  readonly amount: string;
  readonly flat_amount: string;
}

/**
 * A provider's price. Seconds and amounts are decimal strings with at most 12 decimals. Seconds are above 0, except
 * that `minimum_seconds` may be 0.
 */
export interface PriceEntry {
  readonly per_seconds: string;
  readonly increment_seconds: string;
  readonly increment_rounding: IncrementRounding;
  readonly minimum_seconds: string;
  readonly channels: ChannelsMode;
  readonly extra_increments: number;
  readonly amount?: string;
  readonly tier_mode?: CardWord<'tier_mode'>;
  readonly tiers?: readonly Tier[];
}

export interface Surcharges {
  readonly speakers_included?: number;
  readonly per_extra_speaker?: string;
  readonly confidence_threshold?: string;
  readonly low_confidence?: string;
}
