/** The fields of a month's summary that are compared. Cents are whole; minutes are decimal strings. */
export interface ComparedMonth {
  readonly cost_cents: number;
  readonly adjustments_cents: number;
  readonly by_provider: readonly {
    readonly stt_provider: string;
    readonly billable_minutes: string;
    readonly cost_cents: number;
  }[];
  readonly by_transcription_type: readonly {
    readonly transcription_type: string;
    readonly cost_cents: number;
  }[];
}

/** A reason for a difference: its kind, the two figures, and its share of the difference in cents. */
export interface Reason {
  readonly kind: 'minutes' | 'price' | 'adjustments';
  /** The provider whose minutes or price it is; empty for adjustments. */
  readonly provider: string;
  /**
   * Minutes; the average price of a minute in units of the currency; or cents. `undefined` if there were no minutes.
   */
  readonly before: number | undefined;
  readonly now: number | undefined;
  readonly cents: number;
}

const NOTHING = { billable_minutes: '0', cost_cents: 0 };

/**
 * Returns why two months cost different amounts, the largest reason first. The reasons add up to the difference, to the
 * cent. A provider's extra minutes count at the earlier month's average price; what is left of its difference is due to
 * its price. For a provider without minutes in one of the months, the whole difference is due to minutes.
 */
export function reasonsOf(was: ComparedMonth, now: ComparedMonth): readonly Reason[] {
  const names = new Set([...was.by_provider, ...now.by_provider].map((one) => one.stt_provider));
  const of = (month: ComparedMonth, name: string) =>
    month.by_provider.find((one) => one.stt_provider === name) ?? NOTHING;
  const reasons = [...names].flatMap((name) => ofProvider(name, of(was, name), of(now, name)));
  reasons.push({
    kind: 'adjustments',
    provider: '',
    before: was.adjustments_cents,
    now: now.adjustments_cents,
    cents: now.adjustments_cents - was.adjustments_cents,
  });
  return reasons
    .filter((one) => one.cents !== 0)
    .sort((one, other) => Math.abs(other.cents) - Math.abs(one.cents));
}

type Used = typeof NOTHING;

function ofProvider(provider: string, was: Used, now: Used): Reason[] {
  const [before, after] = [Number(was.billable_minutes), Number(now.billable_minutes)];
  const [priceBefore, priceNow] = [priceOf(was), priceOf(now)];
  const all = now.cost_cents - was.cost_cents;
  const ofMinutes =
    priceBefore === undefined || priceNow === undefined
      ? all
      : Math.round((after - before) * priceBefore * 100);
  return [
    { kind: 'minutes', provider, before, now: after, cents: ofMinutes },
    { kind: 'price', provider, before: priceBefore, now: priceNow, cents: all - ofMinutes },
  ];
}

/** Returns the average cost of a minute, after included minutes, tiers and surcharges; `undefined` without minutes. */
function priceOf({ billable_minutes, cost_cents }: Used): number | undefined {
  const minutes = Number(billable_minutes);
  return minutes === 0 ? undefined : cost_cents / 100 / minutes;
}

/** Returns the cost of billed retries, in cents. It is part of the providers' cost. */
export function retriedCents(month: ComparedMonth): number {
  return month.by_transcription_type
    .filter((one) => one.transcription_type !== 'original')
    .reduce((sum, one) => sum + one.cost_cents, 0);
}

/** The last billed line of a provider in a month, as far as its price is compared. */
interface PricedLine {
  readonly stt_provider: string;
  readonly billing_period: string;
  readonly rate_card_id: string | null;
}

/**
 * Returns whether providers were priced by the same rate cards at the end of two months. A provider without a line in
 * one of the months leaves that unknown.
 * @param lines the last billed lines, at most one for each provider and month.
 */
export function cardsOf(
  lines: readonly PricedLine[],
  providers: readonly string[],
): 'same' | 'different' | 'unknown' {
  const own = providers.map((name) => lines.filter((line) => line.stt_provider === name));
  const cards = own.map((both) => new Set(both.map((line) => line.rate_card_id)).size);
  if (cards.some((number) => number > 1)) return 'different';
  return own.every((both) => both.length === 2) ? 'same' : 'unknown';
}
