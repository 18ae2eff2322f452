import { parsePico, printPico, type Pico } from '../pico';
import type { Cell } from './cells';
import type { Counts, Summaries, SummaryCounts } from './summary';

/** Exact sums, before they are written as text. */
interface Sums {
  transcriptions: number;
  billed: Pico;
  cost: Pico;
  cents: number;
}

/** The sums of one currency. */
class CurrencySums {
  sessions = 0;
  failures = 0;
  adjustments = 0;
  adjustmentsCents = 0;
  private freeRetries = 0;
  private retranscriptions = 0;
  private totalSeconds = 0n;
  private included = 0n;
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
    sums.totalSeconds = parsePico(summary.total_seconds);
    sums.included = parsePico(summary.included_seconds);
    for (const [name, counts] of Object.entries(summary.by_provider)) {
      sums.byProvider.set(name, readSums(counts));
    }
    for (const [name, counts] of Object.entries(summary.by_transcription_type)) {
      sums.byType.set(name, readSums(counts));
    }
    return sums;
  }

  add(cell: Cell): void {
    const { key, transcriptions } = cell;
    this.totalSeconds += cell.duration;
    this.included += cell.included;
    if (key.free) this.freeRetries += transcriptions;
    if (key.transcription_type === 'retry_success') this.retranscriptions += transcriptions;
    addTo(this.byProvider, key.stt_provider, cell);
    addTo(this.byType, key.transcription_type, cell);
  }

  get isEmpty(): boolean {
    return (
      [...this.byProvider.values()].every((sums) => sums.transcriptions === 0) &&
      this.sessions === 0 &&
      this.failures === 0 &&
      this.adjustments === 0
    );
  }

  toSummary(): SummaryCounts {
    const all = { transcriptions: 0, billed: 0n, cost: 0n, cents: 0 };
    for (const sums of this.byProvider.values()) {
      all.transcriptions += sums.transcriptions;
      all.billed += sums.billed;
      all.cost += sums.cost;
      all.cents += sums.cents;
    }
    return {
      sessions: this.sessions,
      failed_attempts: this.failures,
      free_retries: this.freeRetries,
      retranscriptions: this.retranscriptions,
      adjustments: this.adjustments,
      adjustments_cents: this.adjustmentsCents,
      total_seconds: printPico(this.totalSeconds),
      included_seconds: printPico(this.included),
      transcriptions: all.transcriptions,
      billed_seconds: printPico(all.billed),
      cost: printPico(all.cost),
      usage_cost_cents: all.cents,
      by_provider: writeMap(this.byProvider),
      by_transcription_type: writeMap(this.byType),
    };
  }
}

/** The sums of a statement, by currency. */
export class StatementSums {
  private readonly currencies = new Map<string, CurrencySums>();

  static read(summaries: Summaries): StatementSums {
    const sums = new StatementSums();
    for (const [currency, summary] of Object.entries(summaries)) {
      sums.currencies.set(currency, CurrencySums.read(summary));
    }
    return sums;
  }

  /** Adds the differences that a change of logs makes. */
  add(cell: Cell): void {
    this.of(cell.key.currency).add(cell);
  }

  addSessions(currency: string, sessions: number, failures: number): void {
    const sums = this.of(currency);
    sums.sessions += sessions;
    sums.failures += failures;
  }

  /** Adds a credit (negative) or debit, in whole cents. */
  adjust(currency: string, amountCents: number): void {
    const sums = this.of(currency);
    sums.adjustments += 1;
    sums.adjustmentsCents += amountCents;
  }

  /** The currencies with non-zero sums, sorted: the stored row does not depend on the order in which usage arrived. */
  get filled(): string[] {
    const filled = [...this.currencies].filter(([, sums]) => !sums.isEmpty);
    return filled.map(([currency]) => currency).sort();
  }

  /** The sums of all currencies that have any. */
  get summaries(): Summaries {
    const { filled } = this;
    return Object.fromEntries(filled.map((one) => [one, this.of(one).toSummary()]));
  }

  private of(currency: string): CurrencySums {
    let sums = this.currencies.get(currency);
    if (sums === undefined) this.currencies.set(currency, (sums = new CurrencySums()));
    return sums;
  }
}

function addTo(map: Map<string, Sums>, name: string, cell: Cell): void {
  let sums = map.get(name);
  if (sums === undefined) {
    sums = { transcriptions: 0, billed: 0n, cost: 0n, cents: 0 };
    map.set(name, sums);
  }
  sums.transcriptions += cell.transcriptions;
  sums.billed += cell.billed;
  sums.cost += cell.cost;
  sums.cents += cell.cents;
}

function readSums(counts: Counts): Sums {
  return {
    transcriptions: counts.transcriptions,
    billed: parsePico(counts.billed_seconds),
    cost: parsePico(counts.cost),
    cents: counts.cost_cents,
  };
}

/** Writes sums by name, without those that are zero. */
function writeMap(map: ReadonlyMap<string, Sums>): Record<string, Counts> {
  const filled = [...map].filter(([, sums]) => sums.transcriptions !== 0);
  if (filled.length > 1) filled.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(filled.map(([name, sums]) => [name, writeSums(sums)]));
}

function writeSums(sums: Sums): Counts {
  return {
    transcriptions: sums.transcriptions,
    billed_seconds: printPico(sums.billed),
    cost: printPico(sums.cost),
    cost_cents: sums.cents,
  };
}
