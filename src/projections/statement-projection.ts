import { add, Decimal, print } from '../domain/money';
import {
  EMPTY_STATEMENT,
  reachedTier,
  type PeriodTotals,
  type Rated,
  type StatementState,
} from '../domain/rating/statement';
import type { Terms } from '../domain/account/terms';
import type { LogPlace, StatementKey, StatementRow } from '../read-model/rows';
import type { Counts, SummaryCounts, UsageLogView } from '../read-model/views';

/**
 * What a statement's next log needs: rating's state, and which cards price an entry by volume. Allowance and tiers go
 * on over all currencies (late usage may stand beside usage of another); money is added up by currency.
 */
export interface Tail {
  readonly included: Decimal;
  /** Charged seconds by price entry. */
  readonly charged: ReadonlyMap<string, Decimal>;
  readonly totals: ReadonlyMap<string, RunningTotal>;
  /** Ids of the cards with volume tiers that logs so far were rated under, by entry. */
  readonly volume: ReadonlyMap<string, readonly string[]>;
}

/** The exact total of `cost` in a currency so far, and what it came to in cents. */
interface RunningTotal {
  readonly total: Decimal;
  readonly cents: number;
}

export const EMPTY_TAIL: Tail = {
  included: EMPTY_STATEMENT.includedSeconds,
  charged: EMPTY_STATEMENT.charged,
  totals: new Map(),
  volume: new Map(),
};

/** What rating must know of the logs before one of this currency. */
export function stateOf(tail: Tail, currency: string): StatementState {
  const money = tail.totals.get(currency);
  return {
    runningTotal: money?.total ?? EMPTY_STATEMENT.runningTotal,
    runningCents: money?.cents ?? 0,
    includedSeconds: tail.included,
    charged: tail.charged,
  };
}

/** The tail after a log of this currency. */
export function tailAfter(
  tail: Tail,
  currency: string,
  after: StatementState,
  volume: Tail['volume'],
): Tail {
  const money = { total: after.runningTotal, cents: after.runningCents };
  return {
    included: after.includedSeconds,
    charged: after.charged,
    totals: new Map(tail.totals).set(currency, money),
    volume,
  };
}

interface StoredTail {
  /** Total and cents by currency. */
  readonly totals: Readonly<Record<string, readonly [string, number]>>;
  readonly included: string;
  readonly charged: Readonly<Record<string, string>>;
  readonly volume: Readonly<Record<string, readonly string[]>>;
}

/** The text of a {@link StoredTail}, put together by hand: each log has one. */
export function writeTail({ included, charged, totals, volume }: Tail): string {
  let money = '';
  for (const [currency, { total, cents }] of totals) {
    money += `${money && ','}${JSON.stringify(currency)}:["${print(total)}",${cents}]`;
  }
  let seconds = '';
  for (const [entry, value] of charged) {
    seconds += `${seconds && ','}${JSON.stringify(entry)}:"${print(value)}"`;
  }
  const cards = volume.size === 0 ? '{}' : JSON.stringify(Object.fromEntries(volume));
  return `{"totals":{${money}},"included":"${print(included)}","charged":{${seconds}},"volume":${cards}}`;
}

export function readTail(text: string): Tail {
  const stored = JSON.parse(text) as StoredTail;
  return {
    included: new Decimal(stored.included),
    charged: new Map(
      Object.entries(stored.charged).map(([entry, seconds]) => [entry, new Decimal(seconds)]),
    ),
    totals: new Map(
      Object.entries(stored.totals).map(([currency, [total, cents]]) => [
        currency,
        { total: new Decimal(total), cents },
      ]),
    ),
    volume: new Map(Object.entries(stored.volume)),
  };
}

/** Whether new totals reach another volume tier than the old ones did, under any card that the statement was rated with. */
export function reachesAnotherTier(tail: Tail, totals: PeriodTotals, terms: Terms): boolean {
  for (const [entry, cardIds] of tail.volume) {
    const before = tail.charged.get(entry);
    const after = totals.get(entry);
    if (before === undefined || after === undefined || before.eq(after)) continue;
    for (const cardId of cardIds) {
      const tiers = terms.cardById(cardId)?.prices[entry]?.tiers;
      if (tiers && reachedTier(tiers, before) !== reachedTier(tiers, after)) return true;
    }
  }
  return false;
}

interface Sums {
  transcriptions: number;
  billed: Decimal;
  cost: Decimal;
  cents: number;
}

/** What is added up of one currency. */
class CurrencySums {
  sessions = 0;
  failures = 0;
  adjustments = 0;
  adjustmentsCents = 0;
  private freeRetries = 0;
  private retranscriptions = 0;
  private totalSeconds = new Decimal(0);
  private included = new Decimal(0);
  private readonly byProvider = new Map<string, Sums>();
  private readonly byType = new Map<string, Sums>();

  static read(summary: SummaryCounts): CurrencySums {
    const sums = new CurrencySums();
    sums.sessions = summary.sessions;
    sums.failures = summary.failed_attempts;
    sums.adjustments = summary.adjustments;
    sums.adjustmentsCents = summary.adjustments_cents;
    sums.freeRetries = summary.free_retries;
    sums.retranscriptions = summary.retranscriptions;
    sums.totalSeconds = new Decimal(summary.total_seconds);
    sums.included = new Decimal(summary.included_seconds);
    for (const [name, counts] of Object.entries(summary.by_provider)) {
      sums.byProvider.set(name, readSums(counts));
    }
    for (const [name, counts] of Object.entries(summary.by_transcription_type)) {
      sums.byType.set(name, readSums(counts));
    }
    return sums;
  }

  count(log: UsageLogView, sign: 1 | -1, rated: RatedNumbers): void {
    this.totalSeconds = add(this.totalSeconds, signed(new Decimal(log.duration_seconds), sign));
    this.included = add(this.included, signed(rated.includedSeconds, sign));
    if (log.billing_reason === 'retry_after_failure_free') this.freeRetries += sign;
    if (log.transcription_type === 'retry_success') this.retranscriptions += sign;
    const share: Sums = {
      transcriptions: sign,
      billed: signed(rated.billedSeconds, sign),
      cost: signed(rated.cost, sign),
      cents: sign * log.cost_cents,
    };
    addToMap(this.byProvider, log.stt_provider, share);
    addToMap(this.byType, log.transcription_type, share);
  }

  get isEmpty(): boolean {
    return (
      this.byProvider.size === 0 &&
      this.sessions === 0 &&
      this.failures === 0 &&
      this.adjustments === 0
    );
  }

  toSummary(): SummaryCounts {
    const all = noSums();
    for (const sums of this.byProvider.values()) addTo(all, sums);
    return {
      sessions: this.sessions,
      failed_attempts: this.failures,
      free_retries: this.freeRetries,
      retranscriptions: this.retranscriptions,
      adjustments: this.adjustments,
      adjustments_cents: this.adjustmentsCents,
      total_seconds: print(this.totalSeconds),
      included_seconds: print(this.included),
      ...writeSums(all),
      by_provider: writeMap(this.byProvider),
      by_transcription_type: writeMap(this.byType),
    };
  }
}

/** A user's statement of one period, as the projection keeps it in memory. */
export class Statement {
  /** The place of the last log. */
  last: LogPlace | undefined;
  tail: Tail = EMPTY_TAIL;
  private readonly currencies = new Map<string, CurrencySums>();

  constructor(readonly key: StatementKey) {}

  static read(row: StatementRow): Statement {
    const statement = new Statement({ user_id: row.user_id, period: row.period });
    const { last, after } = JSON.parse(row.tail) as { last: LogPlace | null; after: string };
    statement.last = last ?? undefined;
    statement.tail = readTail(after);
    const summaries = JSON.parse(row.summaries) as Record<string, SummaryCounts>;
    for (const [currency, summary] of Object.entries(summaries)) {
      statement.currencies.set(currency, CurrencySums.read(summary));
    }
    return statement;
  }

  /**
   * Adds a log to the sums, or with `sign` -1 takes it out of them.
   * @param rated its numbers where they are at hand; else they are read from it.
   */
  count(log: UsageLogView, sign: 1 | -1, rated: RatedNumbers = numbersOf(log)): void {
    this.sumsOf(log.currency).count(log, sign, rated);
  }

  addSessions(currency: string, sessions: number, failures: number): void {
    const sums = this.sumsOf(currency);
    sums.sessions += sessions;
    sums.failures += failures;
  }

  /** A credit (negative) or debit, in whole cents. */
  adjust(currency: string, amountCents: number): void {
    const sums = this.sumsOf(currency);
    sums.adjustments += 1;
    sums.adjustmentsCents += amountCents;
  }

  /** Whether nothing is in it: then it has no row. */
  get isEmpty(): boolean {
    return [...this.currencies.values()].every((sums) => sums.isEmpty);
  }

  toRow(): StatementRow {
    const filled = [...this.currencies].filter(([, sums]) => !sums.isEmpty).sort(byName);
    const summaries = Object.fromEntries(
      filled.map(([currency, sums]) => [currency, sums.toSummary()]),
    );
    return {
      ...this.key,
      tail: JSON.stringify({ last: this.last ?? null, after: writeTail(this.tail) }),
      summaries: JSON.stringify(summaries),
    };
  }

  private sumsOf(currency: string): CurrencySums {
    let sums = this.currencies.get(currency);
    if (sums === undefined) this.currencies.set(currency, (sums = new CurrencySums()));
    return sums;
  }
}

function noSums(): Sums {
  return { transcriptions: 0, billed: new Decimal(0), cost: new Decimal(0), cents: 0 };
}

/** What rating a log came to, of which sums are made. */
type RatedNumbers = Pick<Rated, 'includedSeconds' | 'billedSeconds' | 'cost'>;

function numbersOf(log: UsageLogView): RatedNumbers {
  return {
    includedSeconds: new Decimal(log.included_seconds),
    billedSeconds: new Decimal(log.billed_seconds),
    cost: new Decimal(log.cost),
  };
}

function signed(value: Decimal, sign: 1 | -1): Decimal {
  return sign === 1 ? value : value.negated();
}

function addTo(sums: Sums, share: Sums): void {
  sums.transcriptions += share.transcriptions;
  sums.billed = add(sums.billed, share.billed);
  sums.cost = add(sums.cost, share.cost);
  sums.cents += share.cents;
}

function addToMap(map: Map<string, Sums>, name: string, share: Sums): void {
  const sums = map.get(name) ?? noSums();
  addTo(sums, share);
  if (sums.transcriptions === 0) map.delete(name);
  else map.set(name, sums);
}

function readSums(counts: Counts): Sums {
  return {
    transcriptions: counts.transcriptions,
    billed: new Decimal(counts.billed_seconds),
    cost: new Decimal(counts.cost),
    cents: counts.cost_cents,
  };
}

function writeSums(sums: Sums): Counts {
  return {
    transcriptions: sums.transcriptions,
    billed_seconds: print(sums.billed),
    cost: print(sums.cost),
    cost_cents: sums.cents,
  };
}

/** In one order of names, so that the row does not tell the order in which usage came. */
function writeMap(map: ReadonlyMap<string, Sums>): Record<string, Counts> {
  return Object.fromEntries([...map].sort(byName).map(([name, sums]) => [name, writeSums(sums)]));
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
