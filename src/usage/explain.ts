import { Terms } from '../domain/account/terms';
import { Decimal, print } from '../domain/money';
import { channelsFactor } from '../domain/rating/quantity';
import { rateLog, type Rated } from '../domain/rating/statement';
import type { PriceEntry } from '../domain/rating/price-entry';
import type { RateCard } from '../domain/rating/rate-card';
import { ratingInput } from '../projections/log-draft';
import { EMPTY_TAIL, readTail, stateOf } from '../projections/statement-projection';
import type { StatementRow, UsageLogRow } from '../read-model/rows';
import type { UsageLogView } from '../read-model/views';

/** A step of rating: its numbers, and a sentence in which a person can redo it. */
export interface Step {
  readonly step: string;
  readonly text: string;
  readonly [number: string]: unknown;
}

/**
 * How a log's cost came to be, step by step (product.md, "From an attempt to money").
 * @param before the statement's log before this one.
 */
export function explainLog(
  log: UsageLogView,
  before: UsageLogRow | undefined,
  statement: StatementRow,
  terms: Terms,
): Step[] {
  if (!log.billable) return [{ step: 'cost', text: whyFree(log), cost: '0' }];
  // The card by its id, not by the moment: what was billed in a closed period stays under its card.
  const card = terms.cardById(log.rate_card_id!)!;
  const input = { ...ratingInput(log, terms), card };
  const state = stateOf(before === undefined ? EMPTY_TAIL : readTail(before.after), log.currency);
  const { after } = JSON.parse(statement.tail) as { after: string };
  const rated = rateLog(state, input, readTail(after).charged);
  const entry = card.prices[rated.entry!]!;
  return [
    quantityStep(log, entry, rated),
    allowanceStep(log, rated),
    priceStep(entry, rated, log.currency),
    surchargeStep(log, card, rated),
    costStep(entry, rated, log.currency),
    centsStep(card, state.runningCents, rated, log.currency),
  ];
}

function whyFree(log: UsageLogView): string {
  return log.billing_reason === 'zero_duration'
    ? 'The recording has a duration of 0 seconds: nothing is billed.'
    : 'Trying again after a failure costs nothing more: this retry is free.';
}

function quantityStep(log: UsageLogView, entry: PriceEntry, rated: Rated): Step {
  const factor = channelsFactor(entry.channels, log.channels);
  const words = { up: 'up', half_up: 'to the nearest', down: 'down' }[entry.increment_rounding];
  const parts = [
    `${log.duration_seconds} s`,
    entry.minimum_seconds === '0' ? '' : `, at least ${entry.minimum_seconds} s`,
    `, taken ${words} to whole increments of ${entry.increment_seconds} s`,
    entry.extra_increments === 0 ? '' : `, plus ${entry.extra_increments} more increments`,
    factor === 1 ? '' : `, times ${factor} for ${log.channels} channels`,
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
    text: `Of the minutes included in the plan ${log.plan}, ${left} s were left; ${included} s are included and ${charged} s are charged.`,
    left_before: left,
    included_seconds: included,
    charged_seconds: charged,
  };
}

function priceStep(entry: PriceEntry, rated: Rated, currency: string): Step {
  const before = print(rated.beforeSeconds);
  const parts = rated.parts.map((part) => ({
    seconds: print(part.seconds),
    amount: part.amount,
    per_seconds: entry.per_seconds,
    flat_amount: print(part.flat),
  }));
  const spoken = parts.map((part) => {
    const flat = part.flat_amount === '0' ? '' : ` and once ${part.flat_amount} ${currency}`;
    return `${part.seconds} s at ${part.amount} ${currency} for each ${part.per_seconds} s${flat}`;
  });
  return {
    step: 'price',
    text:
      parts.length === 0
        ? `Nothing is charged under the price "${rated.entry}".`
        : `Under the price "${rated.entry}", after ${before} s charged before in the period: ${spoken.join('; ')}.`,
    entry: rated.entry,
    before_seconds: before,
    parts,
  };
}

function surchargeStep(log: UsageLogView, card: RateCard, rated: Rated): Step {
  const { surcharges } = card;
  const factor = print(rated.factor);
  const reasons: string[] = [];
  const extra = (log.speaker_count ?? 0) - (surcharges.speakers_included ?? 0);
  if (surcharges.per_extra_speaker !== undefined && extra > 0) {
    reasons.push(
      `1 + ${surcharges.per_extra_speaker} × ${extra} speakers above ${surcharges.speakers_included}`,
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

function centsStep(card: RateCard, before: number, rated: Rated, currency: string): Step {
  const total = print(rated.after.runningTotal);
  return {
    step: 'cents',
    text: `The statement's total is now ${total} ${currency}, which is ${rated.after.runningCents} cents (${card.rounding}); before it was ${before}: this log's step is ${rated.costCents}.`,
    running_total: total,
    rounding: card.rounding,
    cents_before: before,
    cost_cents: rated.costCents,
  };
}
