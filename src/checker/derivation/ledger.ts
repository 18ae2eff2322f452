/** An event as a producer sends it (docs/reference/events.md). */

export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
  [attribute: string]: unknown;
}

export interface RawTier {
  up_to_minutes: string | number | null;
  amount: string | number;
  flat_amount?: string | number | null;
}

export interface RawPrice {
  amount?: string | number;
  tiers?: RawTier[];
  tier_mode?: 'graduated' | 'volume';
  per_seconds?: string | number;
  increment_seconds?: string | number;
  increment_rounding?: 'up' | 'half_up' | 'down';
  minimum_seconds?: string | number;
  channels?: 'ignore' | 'each' | 'pairs';
  extra_increments?: number;
}

export type RetryPolicy = 'bill_first_success' | 'free' | 'bill';

/** A card as a person writes it: fields with a default may be left out. */
export interface RawCard {
  rate_card_id: string;
  currency: string;
  effective_from?: string;
  rounding?: 'half_up' | 'half_even' | 'up' | 'down';
  retry_after_failure?: RetryPolicy;
  surcharges?: {
    speakers_included?: number;
    per_extra_speaker?: string | number;
    confidence_threshold?: string | number;
    low_confidence?: string | number;
  };
  prices: Record<string, RawPrice>;
}

export interface RawPlan {
  included_minutes?: string | number | null;
  minutes?: string | number | null;
  sessions?: number | null;
  file_size_bytes?: number | null;
  export_formats?: string[] | null;
}

/** One event of the ledger. The array is in ledger order, so an event's `index` is its index in the array. */
export type LedgerEntry = { recorded_at: number } & (
  | {
      type: 'ledger.opened';
      billing_time_zone: string;
      rate_cards: RawCard[];
      plans: Record<string, RawPlan>;
    }
  | { type: 'fact'; event: CloudEvent }
  | { type: 'rate_card.published'; card: RawCard }
  | { type: 'plan.defined'; plan: string; definition: RawPlan }
  | { type: 'plan.defaulted'; plan: string; effective_from: string }
  | {
      type: 'plan.assigned';
      user_id: string;
      plan: string;
      /** If left out or null, the user keeps the currency they have (docs/reference/rules.md#force-3). */
      currency?: string | null;
      effective_from: string;
    }
  | {
      type: 'usage.adjusted';
      adjustment_id: string;
      user_id: string;
      period: string;
      amount_cents: number;
      currency: string;
      reason: string;
      author: string;
      reference?: string | null;
      voids?: string | null;
    }
  | { type: 'session.voided'; session_id: string; reason: string; author: string }
  | { type: 'billing_period.closed'; period: string; from: string; to: string; size: number }
);

export type EntryOf<T extends LedgerEntry['type']> = Extract<LedgerEntry, { type: T }>;
