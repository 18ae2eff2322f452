import { RefusedError } from '../../../../src/domain/errors';
import type { Json } from '../../../../src/domain/events/facts';
import { Decimal, isDecimalText, print, SIXTY } from '../../../../src/domain/money';
import {
  parseRateCard,
  priceEntryName,
  type RateCard,
} from '../../../../src/domain/rating/rate-card';
import {
  EMPTY_STATEMENT,
  rateLog,
  type RatingInput,
} from '../../../../src/domain/rating/statement';
import { m } from '../../i18n/language';

/** An imagined session. Numbers are texts as typed; an empty one means unknown. */
export interface ThoughtOf {
  readonly provider: string;
  readonly seconds: string;
  readonly channels: string;
  readonly speakers: string;
  /** 0 to 1. */
  readonly confidence: string;
  /** Minutes that the user was charged at the same price in the month before this session. */
  readonly minutesBefore: string;
}

/** What the session would cost. Amounts are decimal texts. */
export interface Tried {
  readonly currency: string;
  /** The entry of the card's prices that applies. */
  readonly entry: string;
  readonly billedSeconds: string;
  readonly parts: readonly { readonly seconds: string; readonly amount: string }[];
  readonly perSeconds: string;
  /** The sum of the tiers' flat amounts. */
  readonly flat: string;
  /** 1 without surcharges. */
  readonly factor: string;
  readonly cost: string;
}

/** What is wrong. For a fault of the card, `detail` is in the service's words and `pointer` says where it is. */
export interface Mistake {
  readonly detail: string;
  readonly pointer: string | undefined;
}

/** Rates a session under a draft, with the code that the service rates with. Ignores plans. */
export function tryCard(draft: unknown, session: ThoughtOf): Tried | Mistake {
  const fault = faultOf(session);
  if (fault !== undefined) return { detail: fault, pointer: undefined };
  try {
    return rate({ rate_card_id: '', ...parseRateCard(draft as Json, Date.now()) }, session);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { detail: error.refusal.detail, pointer: error.refusal.pointer };
  }
}

function rate(card: RateCard, session: ThoughtOf): Tried | Mistake {
  const provider = session.provider.trim().toLowerCase();
  const entry = priceEntryName(card, provider);
  if (entry === undefined) {
    return {
      detail: m('The card has no price for this provider, and no default.'),
      pointer: '/prices',
    };
  }
  const input: RatingInput = {
    billable: true,
    provider,
    durationSeconds: session.seconds,
    channels: Number(session.channels),
    speakerCount: session.speakers === '' ? null : Number(session.speakers),
    confidenceScore: session.confidence === '' ? null : Number(session.confidence),
    card,
    includedMinutes: '0',
  };
  const before = new Decimal(session.minutesBefore === '' ? '0' : session.minutesBefore);
  const charged = new Map([[entry, before.times(SIXTY)]]);
  const rated = rateLog({ ...EMPTY_STATEMENT, charged }, input, new Map());
  return {
    currency: card.currency,
    entry,
    billedSeconds: print(rated.billedSeconds),
    parts: rated.parts.map(({ seconds, amount }) => ({ seconds: print(seconds), amount })),
    perSeconds: card.prices[entry]!.per_seconds,
    flat: print(rated.parts.reduce((sum, { flat }) => sum.plus(flat), new Decimal(0))),
    factor: print(rated.factor),
    cost: print(rated.cost),
  };
}

const MOST_SECONDS = 36_000;
const MOST_CHANNELS = 1_000;
const DECIMALS = 9;

function faultOf({ seconds, channels, speakers, confidence, minutesBefore }: ThoughtOf) {
  if (!isDecimalText(seconds, DECIMALS) || Number(seconds) > MOST_SECONDS) {
    return m('Seconds: a number from 0 to 36000, with at most 9 decimals.');
  }
  if (!/^[1-9]\d{0,3}$/.test(channels) || Number(channels) > MOST_CHANNELS) {
    return m('Channels: a whole number from 1 to 1000.');
  }
  if (!/^\d{0,4}$/.test(speakers)) return m('Speakers: a whole number.');
  if (confidence !== '' && !(Number(confidence) >= 0 && Number(confidence) <= 1)) {
    return m('Confidence: a number from 0 to 1.');
  }
  if (minutesBefore !== '' && !isDecimalText(minutesBefore, DECIMALS)) {
    return m('Minutes before: a number, 0 or more.');
  }
  return undefined;
}
