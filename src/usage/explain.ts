import { Terms } from '../domain/account/terms';
import { NO_MONEY, type ChargedSeconds, type RunningState } from '../domain/billing/running-state';
import { Decimal, print, SIXTY } from '../domain/money';
import { printPico, type Pico } from '../domain/pico';
import { channelsFactor } from '../domain/rating/quantity';
import {
  rateLog,
  reachedTier,
  type EntryTotals,
  type Rated,
  type StatementState,
} from '../domain/rating/statement';
import type { PriceEntry, Tier } from '../domain/rating/price-entry';
import type { RateCard } from '../domain/rating/rate-card';
import type { UsageLogView } from '../read-model/views';
import { counted } from '../lib/counted';

/** A step of rating: its numbers, and a sentence that lets a person repeat it. */
export interface Step {
  readonly step: string;
  readonly text: string;
  readonly [number: string]: unknown;
}

/**
 * Explains step by step how a log's cost came about (docs/reference/rules.md#from-an-attempt-to-its-cost).
 * @param before the statement's state before the log.
 * @param charged the charged seconds of the whole statement.
 */
export function explainLog(
  log: UsageLogView,
  before: RunningState,
  charged: ChargedSeconds,
  terms: Terms,
): Step[] {
  if (!log.billable) return [{ step: 'cost', text: whyFree(log), cost: '0' }];
  // Look up the card by its id, not by the time: a log that is billed in a closed period keeps its card.
  const card = terms.cardById(log.rate_card_id!)!;
  const input = {
    billable: log.billable,
    provider: log.stt_provider,
    durationSeconds: log.duration_seconds,
    channels: log.channels,
    speakerCount: log.speaker_count,
    confidenceScore: log.confidence_score,
    card,
    includedMinutes: terms.planByName(log.plan)!.included_minutes,
  };
  const money = before.money.get(log.currency) ?? NO_MONEY;
  const state: StatementState = {
    runningTotal: decimal(money.total),
    runningCents: money.cents,
    includedSeconds: decimal(before.included),
    charged: decimals(before.charged),
  };
  const totals = decimals(charged);
  const rated = rateLog(state, input, totals);
  const entry = card.prices[rated.entry!]!;
  return [
    quantityStep(log, entry, rated),
    allowanceStep(log, rated),
    priceStep(entry, rated, totals, log.currency),
    surchargeStep(log, card, rated),
    costStep(entry, rated, log.currency),
    centsStep(card, state, rated, log.currency),
  ];
}

function decimal(value: Pico): Decimal {
  return new Decimal(printPico(value));
}

function decimals(seconds: ChargedSeconds): Map<string, Decimal> {
  return new Map([...seconds].map(([entry, value]) => [entry, decimal(value)]));
}

function whyFree(log: UsageLogView): string {
  if (log.billing_reason === 'zero_duration')
    return 'The recording has a duration of 0 seconds: nothing is billed.';
  return log.transcription_type === 'retry_failed'
    ? 'Trying again after a failure costs nothing more: this retry is free.'
    : 'A later attempt was billed as the first success of the session, in a period that is closed: one success, one charge, so this attempt is free.';
}

function quantityStep(log: UsageLogView, entry: PriceEntry, rated: Rated): Step {
  const factor = channelsFactor(entry.channels, log.channels);
  const { minimum_seconds: minimum, increment_seconds: increment } = entry;
  const words = { up: 'up to', half_up: 'half up to', down: 'down to' };
  const extra = entry.extra_increments;
  const parts = [
    `${log.duration_seconds} s`,
    minimum === '0' ? '' : `, at least ${minimum} s`,
    `, rounded ${words[entry.increment_rounding]} whole increments of ${increment} s`,
    minimum === '0' || entry.increment_rounding === 'up' ? '' : ` but not below ${minimum} s`,
    extra === 0 ? '' : `, plus ${counted(extra, 'more increment')} of ${increment} s`,
    factor === 1
      ? ''
      : `, times ${factor} for ${log.channels} channels${entry.channels === 'pairs' ? ', two counting as one' : ''}`,
  ];
  return {
    step: 'quantity',
    text: `${parts.join('')}: ${print(rated.billedSeconds)} s are billed.`,
    duration_seconds: log.duration_seconds,
    minimum_seconds: entry.minimum_seconds,
    increment_seconds: entry.increment_seconds,
    increment_rounding: entry.increment_rounding,
    extra_increments: entry.extra_increments,
    channels_factor: factor,
    billed_seconds: print(rated.billedSeconds),
  };
}

function allowanceStep(log: UsageLogView, rated: Rated): Step {
  const left = print(rated.allowanceLeft);
  const included = print(rated.includedSeconds);
  const charged = print(rated.chargedSeconds);
  return {
    step: 'allowance',
    text: `The plan ${log.plan} had ${left} s of included minutes left; ${included} s are included and ${charged} s are charged.`,
    left_before: left,
    included_seconds: included,
    charged_seconds: charged,
  };
}

function priceStep(entry: PriceEntry, rated: Rated, totals: EntryTotals, currency: string): Step {
  const before = print(rated.beforeSeconds);
  const parts = rated.parts.map((part) => ({
    seconds: print(part.seconds),
    amount: part.amount,
    per_seconds: entry.per_seconds,
    flat_amount: print(part.flat),
  }));
  let reached = rated.beforeSeconds;
  const spoken = parts.map((part) => {
    reached = reached.plus(part.seconds);
    const tier = entry.tier_mode === 'graduated' ? ` (${tierOf(entry.tiers!, reached)})` : '';
    const flat =
      part.flat_amount === '0' ? '' : ` and, once a period, ${part.flat_amount} ${currency}`;
    return `${part.seconds} s at ${part.amount} ${currency} for each ${part.per_seconds} s${tier}${flat}`;
  });
  const total = totals.get(rated.entry!);
  const volume =
    entry.tier_mode === 'volume' && total !== undefined
      ? `, all at the price of the tier that the period's total of ${print(total)} s reaches (${tierOf(entry.tiers!, total)})`
      : '';
  return {
    step: 'price',
    text:
      parts.length === 0
        ? `Nothing is charged under the price "${rated.entry}".`
        : `Under the price "${rated.entry}", after ${before} s charged before in the period${volume}: ${spoken.join('; ')}.`,
    entry: rated.entry,
    before_seconds: before,
    parts,
  };
}

/** Describes a tier by the range of the period's charged seconds that it covers. */
function tierOf(tiers: readonly Tier[], seconds: Decimal): string {
  const index = reachedTier(tiers, seconds);
  const bound = (tier: Tier | undefined) =>
    tier?.up_to_minutes && print(new Decimal(tier.up_to_minutes).times(SIXTY));
  const from = bound(tiers[index - 1]);
  const to = bound(tiers[index]);
  if (to) return from ? `the tier above ${from} s, up to ${to} s` : `the tier up to ${to} s`;
  return from ? `the tier above ${from} s` : 'the only tier';
}

function surchargeStep(log: UsageLogView, card: RateCard, rated: Rated): Step {
  const { surcharges } = card;
  const factor = print(rated.factor);
  const reasons: string[] = [];
  const extra = (log.speaker_count ?? 0) - (surcharges.speakers_included ?? 0);
  if (surcharges.per_extra_speaker !== undefined && extra > 0) {
    reasons.push(
      `1 + ${surcharges.per_extra_speaker} × ${counted(extra, 'speaker')} above ${surcharges.speakers_included}`,
    );
  }
  const { confidence_score: confidence } = log;
  if (
    surcharges.low_confidence !== undefined &&
    confidence !== null &&
    new Decimal(confidence).lt(surcharges.confidence_threshold!)
  ) {
    reasons.push(
      `1 + ${surcharges.low_confidence} for a confidence below ${surcharges.confidence_threshold}`,
    );
  }
  return {
    step: 'surcharges',
    text:
      reasons.length === 0
        ? 'No surcharge applies: the factor is 1.'
        : `What is charged per second is multiplied by ${reasons.map((one) => `(${one})`).join(' × ')} = ${factor}.`,
    factor,
  };
}

function costStep(entry: PriceEntry, rated: Rated, currency: string): Step {
  const cost = print(rated.cost);
  const products = rated.parts.map((part) => `${print(part.seconds)} × ${part.amount}`);
  const flats = rated.parts.filter((part) => !part.flat.isZero()).map((part) => print(part.flat));
  const sum = products.length === 0 ? '0' : products.join(' + ');
  const flat = flats.length === 0 ? '' : ` + ${flats.join(' + ')}`;
  return {
    step: 'cost',
    text: `(${sum}) × ${print(rated.factor)} / ${entry.per_seconds}${flat} = ${cost} ${currency}, rounded to 12 decimals at most.`,
    cost,
  };
}

function centsStep(card: RateCard, state: StatementState, rated: Rated, currency: string): Step {
  const { runningTotal, runningCents: before } = state;
  const total = print(rated.after.runningTotal);
  return {
    step: 'cents',
    text: `The statement's total was ${print(runningTotal)} and is ${total} ${currency} with this log, which is ${counted(rated.after.runningCents, 'cent')} (${card.rounding}); it was ${before} before, so this log adds ${rated.costCents}.`,
    running_total: total,
    rounding: card.rounding,
    cents_before: before,
    cost_cents: rated.costCents,
  };
}
