import { cached } from '../cached';

/** A billing period: a calendar month `YYYY-MM` in the ledger's zone, as half-open instants `[from, to)`. */
export interface BillingPeriod {
  readonly period: string;
  /** Milliseconds since 1970, inclusive. */
  readonly from: number;
  /** Milliseconds since 1970, exclusive. */
  readonly to: number;
}

/** The units that a time range may be grouped by. Weeks begin on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How far from midnight a clock change can happen and still repeat a date. */
const CLOCKS_MS = 3 * HOUR_MS;
const DAY_MS = 86_400_000;
/** How many hours and days each zone caches. */
const KEPT = 20_000;
/** Zones by name. A process has one ledger, so in practice one zone. */
const named = new Map<string, BillingZone>();
const MOST_NAMED = 16;

/** Returns the period `count` months after another, or before it if `count` is negative. */
export function addMonths(period: string, count: number): string {
  const [year, month] = partsOf(period);
  const months = year * 12 + month - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/**
 * Splits a period into year and month. A year may have more than four digits, because the month after 9999-12 is
 * 10000-01.
 */
function partsOf(period: string): [year: number, month: number] {
  const [year, month] = period.split('-').map(Number);
  return [year!, month!];
}

/**
 * The months of a named time zone. They cover all time without gaps or overlaps. Each boundary is computed once and
 * cached.
 */
export class BillingZone {
  private readonly format: Intl.DateTimeFormat;
  private readonly periods = new Map<string, BillingPeriod>();
  private last: BillingPeriod | undefined;
  /** Local time minus UTC, in milliseconds, by hour since 1970. Holds only hours in which it does not change. */
  private readonly offsets = new Map<number, number>();
  private readonly days = new Map<number, string>();

  /** @throws RangeError if `name` is not an IANA time zone. */
  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** Returns the shared instance for a zone, with its caches. @throws RangeError if `name` is not an IANA time zone. */
  static named(name: string): BillingZone {
    return named.get(name) ?? cached(named, MOST_NAMED, name, new BillingZone(name));
  }

  /** Returns the period that an instant (milliseconds since 1970) is in. */
  periodOf(instant: number): BillingPeriod {
    if (this.last !== undefined && instant >= this.last.from && instant < this.last.to)
      return this.last;
    let candidate = this.period(new Date(instant).toISOString().slice(0, 7));
    if (instant < candidate.from) candidate = this.period(addMonths(candidate.period, -1));
    else if (instant >= candidate.to) candidate = this.period(addMonths(candidate.period, 1));
    this.last = candidate;
    return candidate;
  }

  /** Returns the local date `YYYY-MM-DD` of an instant. */
  dayOf(instant: number): string {
    const number = Math.floor((instant + this.keptOffset(instant)) / DAY_MS);
    const known = this.days.get(number);
    if (known !== undefined) return known;
    return cached(this.days, KEPT, number, new Date(number * DAY_MS).toISOString().slice(0, 10));
  }

  /** Returns the first instant after the local day, week or month that an instant is in. */
  endOf(unit: CalendarUnit, instant: number): number {
    if (unit === 'month') return this.periodOf(instant).to;
    const day = Date.parse(`${this.dayOf(instant)}T00:00:00Z`);
    // 1970-01-01 was a Thursday, three days after a Monday.
    const sinceMonday = (Math.floor(day / DAY_MS) + 3) % 7;
    return this.startOfDay(day + (unit === 'day' ? 1 : 7 - sinceMonday) * DAY_MS);
  }

  /** Returns the first instant of the local day that an instant is in. */
  startOfDayOf(instant: number): number {
    return this.startOfDay(Date.parse(`${this.dayOf(instant)}T00:00:00Z`));
  }

  /** Returns whether a local day begins at an instant. */
  isDayStart(instant: number): boolean {
    return this.endOf('day', instant - 1) === instant;
  }

  /**
   * Returns whether every instant before the start of a local day has an earlier date, and no later instant has one. A
   * clock that goes back across midnight breaks this.
   */
  isClean(start: number): boolean {
    const [before, after] = [start - CLOCKS_MS, start + CLOCKS_MS];
    if (this.offsetAt(before) === this.offsetAt(after)) return true;
    const day = this.dayOf(start);
    for (let moment = before; moment < after; moment += MINUTE_MS) {
      if (moment < start !== this.dayOf(moment) < day) return false;
    }
    return true;
  }

  /**
   * Returns the instant at which the zone's clock shows a time, given that time as if it were in UTC. In an hour that
   * repeats, the first one counts. In an hour that clocks skip, the offset before the skip applies.
   */
  instantOfLocal(local: number): number {
    const offsets = [this.offsetAt(local - DAY_MS), this.offsetAt(local + DAY_MS)];
    const exact = offsets
      .map((offset) => local - offset)
      .filter((instant) => instant + this.offsetAt(instant) === local);
    return exact.length > 0 ? Math.min(...exact) : local - offsets[0]!;
  }

  /** Returns the bounds of a period `YYYY-MM`. */
  period(period: string): BillingPeriod {
    const known = this.periods.get(period);
    if (known !== undefined) return known;
    const found = {
      period,
      from: this.startOfMonth(period),
      to: this.startOfMonth(addMonths(period, 1)),
    };
    return cached(this.periods, 2_400, period, found);
  }

  /**
   * The first instant whose local time is at or after 00:00 on the first of the month. If a clock change skips
   * midnight, the month begins at the first instant that exists.
   */
  private startOfMonth(period: string): number {
    const [year, month] = partsOf(period);
    return this.startOfDay(Date.UTC(year, month - 1, 1));
  }

  /** The first instant of a local day, given its midnight as if it were in UTC. */
  private startOfDay(midnight: number): number {
    return this.instantOfLocal(midnight);
  }

  /**
   * {@link offsetAt}, cached by the hour. An hour in which the offset changes is not cached. Computing an offset costs
   * as much as rating several logs.
   */
  private keptOffset(instant: number): number {
    const hour = Math.floor(instant / HOUR_MS);
    const known = this.offsets.get(hour);
    if (known !== undefined) return known;
    const offset = this.offsetAt(instant);
    const [first, last] = [hour * HOUR_MS, (hour + 1) * HOUR_MS - 1_000];
    if (this.offsetAt(first) !== offset || this.offsetAt(last) !== offset) return offset;
    return cached(this.offsets, KEPT, hour, offset);
  }

  /** Local time minus UTC at an instant, in milliseconds. */
  private offsetAt(instant: number): number {
    const whole = Math.floor(instant / 1000) * 1000;
    const parts: Record<string, number> = {};
    for (const part of this.format.formatToParts(whole)) parts[part.type] = Number(part.value);
    const local = Date.UTC(
      parts['year']!,
      parts['month']! - 1,
      parts['day'],
      parts['hour'],
      parts['minute'],
      parts['second'],
    );
    return local - whole;
  }
}
