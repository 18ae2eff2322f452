import type { BillingZone } from '../domain/billing-period/zone';

/** A stretch of time `[from, to)`, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Time split into whole days of the ledger's zone and the remaining pieces. */
export interface Split {
  /**
   * The first and the last whole day, and the days between them that are not whole; `undefined` if there is no whole
   * day.
   */
  readonly days:
    | { readonly first: string; readonly last: string; readonly without: ReadonlySet<string> }
    | undefined;
  readonly cut: readonly Stretch[];
}

/**
 * Splits consecutive stretches of time into days. If clocks go back over midnight, a local date occurs twice and names
 * no single stretch of time, so such days do not count as whole.
 */
export function splitIntoDays(zone: BillingZone, stretches: readonly Stretch[]): Split {
  const from = stretches[0]!.from;
  const to = stretches.at(-1)!.to;
  const first = zone.isDayStart(from) ? from : zone.endOf('day', from);
  const last = zone.isDayStart(to) ? to : zone.startOfDayOf(to);
  if (first >= last) return { days: undefined, cut: [{ from, to }] };
  const cut: Stretch[] = [];
  if (from < first) cut.push({ from, to: first });
  const without = new Set<string>();
  for (const boundary of new Set([first, ...stretches.map((one) => one.from), last])) {
    if (boundary < first || boundary > last || zone.isClean(boundary)) continue;
    for (const moment of [boundary - 1, boundary]) {
      const day = zone.dayOf(moment);
      if (moment < first || moment >= last || without.has(day)) continue;
      without.add(day);
      cut.push({ from: zone.startOfDayOf(moment), to: zone.endOf('day', moment) });
    }
  }
  if (last < to) cut.push({ from: last, to });
  return { days: { first: zone.dayOf(first), last: zone.dayOf(last - 1), without }, cut };
}
