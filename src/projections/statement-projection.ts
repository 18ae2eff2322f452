import { Decimal, print } from '../domain/money';
import {
  EMPTY_STATEMENT,
  reachedTier,
  type PeriodTotals,
  type StatementState,
} from '../domain/rating/statement';
import type { Terms } from '../domain/account/terms';
import type { LogPlace, StatementKey, StatementRow } from '../read-model/rows';
import type { Counts, SummaryCounts, UsageLogView } from '../read-model/views';

/** What a statement's next log needs: rating's state, and which cards price an entry by volume. */
export interface Tail {
  readonly state: StatementState;
  /** Ids of the cards with volume tiers that logs so far were rated under, by entry. */
  readonly volume: ReadonlyMap<string, readonly string[]>;
}

export const EMPTY_TAIL: Tail = { state: EMPTY_STATEMENT, volume: new Map() };

interface StoredTail {
  readonly total: string;
  readonly cents: number;
  readonly included: string;
  readonly charged: Readonly<Record<string, string>>;
  readonly volume: Readonly<Record<string, readonly string[]>>;
}

export function writeTail({ state, volume }: Tail): string {
  const stored: StoredTail = {
    total: print(state.runningTotal),
    cents: state.runningCents,
    included: print(state.includedSeconds),
    charged: Object.fromEntries(
      [...state.charged].map(([entry, seconds]) => [entry, print(seconds)]),
    ),
    volume: Object.fromEntries(volume),
  };
  return JSON.stringify(stored);
}

export function readTail(text: string): Tail {
  const stored = JSON.parse(text) as StoredTail;
  return {
    state: {
      runningTotal: new Decimal(stored.total),
      runningCents: stored.cents,
      includedSeconds: new Decimal(stored.included),
      charged: new Map(
        Object.entries(stored.charged).map(([entry, seconds]) => [entry, new Decimal(seconds)]),
      ),
    },
    volume: new Map(Object.entries(stored.volume)),
  };
}

/** Whether new totals reach another volume tier than the old ones did, under any card that the statement was rated with. */
export function reachesAnotherTier(tail: Tail, totals: PeriodTotals, terms: Terms): boolean {
  for (const [entry, cardIds] of tail.volume) {
    const before = tail.state.charged.get(entry);
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

/** A user's statement of one period and currency, as the projection keeps it in memory. */
export class Statement {
  /** The place of the last log. */
  last: LogPlace | undefined;
  tail: Tail = EMPTY_TAIL;
  sessions = 0;
  failures = 0;
  private freeRetries = 0;
  private retranscriptions = 0;
  private totalSeconds = new Decimal(0);
  private included = new Decimal(0);
  private readonly all = noSums();
  private readonly byProvider = new Map<string, Sums>();
  private readonly byType = new Map<string, Sums>();

  constructor(readonly key: StatementKey) {}

  static read(row: StatementRow): Statement {
    const statement = new Statement({
      user_id: row.user_id,
      period: row.period,
      currency: row.currency,
    });
    const { last, ...tail } = JSON.parse(row.tail) as { last: LogPlace | null; after: string };
    const summary = JSON.parse(row.summary) as SummaryCounts;
    statement.last = last ?? undefined;
    statement.tail = readTail(tail.after);
    statement.sessions = summary.sessions;
    statement.failures = summary.failed_attempts;
    statement.freeRetries = summary.free_retries;
    statement.retranscriptions = summary.retranscriptions;
    statement.totalSeconds = new Decimal(summary.total_seconds);
    statement.included = new Decimal(summary.included_seconds);
    Object.assign(statement.all, readSums(summary));
    for (const [name, counts] of Object.entries(summary.by_provider)) {
      statement.byProvider.set(name, readSums(counts));
    }
    for (const [name, counts] of Object.entries(summary.by_transcription_type)) {
      statement.byType.set(name, readSums(counts));
    }
    return statement;
  }

  /** Adds a log to the sums, or with `sign` -1 takes it out of them. */
  count(log: UsageLogView, sign: 1 | -1): void {
    this.totalSeconds = this.totalSeconds.plus(signed(log.duration_seconds, sign));
    this.included = this.included.plus(signed(log.included_seconds, sign));
    if (log.billing_reason === 'retry_after_failure_free') this.freeRetries += sign;
    if (log.transcription_type === 'retry_success') this.retranscriptions += sign;
    addTo(this.all, log, sign);
    addToMap(this.byProvider, log.stt_provider, log, sign);
    addToMap(this.byType, log.transcription_type, log, sign);
  }

  /** Whether nothing is in it: then it has no row. */
  get isEmpty(): boolean {
    return this.all.transcriptions === 0 && this.sessions === 0 && this.failures === 0;
  }

  toRow(): StatementRow {
    const summary: SummaryCounts = {
      sessions: this.sessions,
      failed_attempts: this.failures,
      free_retries: this.freeRetries,
      retranscriptions: this.retranscriptions,
      total_seconds: print(this.totalSeconds),
      included_seconds: print(this.included),
      ...writeSums(this.all),
      by_provider: writeMap(this.byProvider),
      by_transcription_type: writeMap(this.byType),
    };
    return {
      ...this.key,
      tail: JSON.stringify({ last: this.last ?? null, after: writeTail(this.tail) }),
      summary: JSON.stringify(summary),
    };
  }
}

function noSums(): Sums {
  return { transcriptions: 0, billed: new Decimal(0), cost: new Decimal(0), cents: 0 };
}

function signed(text: string, sign: 1 | -1): Decimal {
  const value = new Decimal(text);
  return sign === 1 ? value : value.negated();
}

function addTo(sums: Sums, log: UsageLogView, sign: 1 | -1): void {
  sums.transcriptions += sign;
  sums.billed = sums.billed.plus(signed(log.billed_seconds, sign));
  sums.cost = sums.cost.plus(signed(log.cost, sign));
  sums.cents += sign * log.cost_cents;
}

function addToMap(map: Map<string, Sums>, name: string, log: UsageLogView, sign: 1 | -1): void {
  const sums = map.get(name) ?? noSums();
  addTo(sums, log, sign);
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
  return Object.fromEntries(
    [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sums]) => [name, writeSums(sums)]),
  );
}
