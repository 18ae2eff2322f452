/** What of a month's summary is compared. Cents are whole; minutes and costs are decimal strings. */
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

/** A reason for a difference: what it is of, the two figures, and what it makes, in cents. */
export interface Reason {
  readonly kind: 'minutes' | 'price' | 'adjustments';
  /** Whose minutes or price; empty for adjustments. */
  readonly provider: string;
  /** Minutes; the average price of a minute in units of the currency; or cents. `undefined` if there were no minutes. */
  readonly before: number | undefined;
  readonly now: number | undefined;
  readonly cents: number;
}

const NOTHING = { billable_minutes: '0', cost_cents: 0 };

/**
 * Why one month costs other than another, the greatest reason first. The reasons add up to the difference, to the cent.
 * A provider's minutes are taken at the earlier month's average price (at the later one's, if it had none then); what is
 * left of the provider's difference is its price.
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

/** What a minute cost on average, after included minutes, tiers and surcharges. */
function priceOf({ billable_minutes, cost_cents }: Used): number | undefined {
  const minutes = Number(billable_minutes);
  return minutes === 0 ? undefined : cost_cents / 100 / minutes;
}

/** What retries cost that were billed, in cents. It is a part of the providers' cost. */
export function retriedCents(month: ComparedMonth): number {
  return month.by_transcription_type
    .filter((one) => one.transcription_type !== 'original')
    .reduce((sum, one) => sum + one.cost_cents, 0);
}
