import type { Pico } from '../pico';
import type { RatedCharge } from './charge';

/** What a log is added up by. `day` is the ledger's date of its completion. */
export interface CellKey {
  readonly currency: string;
  readonly stt_provider: string;
  readonly transcription_type: string;
  readonly plan: string;
  readonly day: string;
  /** Whether it is a retry that costs nothing. */
  readonly free: boolean;
}

/** What some logs with one key came to. */
export interface Cell {
  readonly key: CellKey;
  transcriptions: number;
  duration: Pico;
  billed: Pico;
  included: Pico;
  cost: Pico;
  cents: number;
}

/** A key, and its text. */
export interface NamedCell {
  readonly text: string;
  readonly key: CellKey;
}

/** A log's quantities, whatever its place. */
export interface Counted {
  readonly cell: NamedCell;
  readonly duration: Pico;
  readonly billed: Pico;
}

/** How many cells are cached. A month has one a day, provider, plan, type and currency. */
const KEPT = 10_000;
const named = new Map<string, NamedCell>();

/** The cell of a key. Logs share it: there are few cells, and many logs are kept in memory. */
export function cellOf(key: CellKey): NamedCell {
  const { currency, stt_provider, transcription_type, plan, day, free } = key;
  // Nothing in a key contains a blank.
  const text = `${currency} ${stt_provider} ${transcription_type} ${plan} ${day}${free ? ' free' : ''}`;
  let cell = named.get(text);
  if (cell === undefined) {
    if (named.size >= KEPT) named.clear();
    named.set(text, (cell = { text, key }));
  }
  return cell;
}

/** Differences that a change makes to sums, in the finest groups there are: all coarser sums follow from them. */
export class Cells {
  private readonly cells = new Map<string, Cell>();

  /** Adds a log, or with `sign` -1 takes it out. */
  add(log: Counted, { included, cost, cents }: RatedCharge, sign: 1 | -1): void {
    const cell = this.of(log);
    cell.transcriptions += sign;
    cell.cents += sign * cents;
    if (sign === 1) {
      cell.duration += log.duration;
      cell.billed += log.billed;
      if (included !== 0n) cell.included += included;
      if (cost !== 0n) cell.cost += cost;
    } else {
      cell.duration -= log.duration;
      cell.billed -= log.billed;
      if (included !== 0n) cell.included -= included;
      if (cost !== 0n) cell.cost -= cost;
    }
  }

  /** Notes that a log, which is the same, came to something else. */
  move(log: Counted, was: RatedCharge, now: RatedCharge): void {
    const cell = this.of(log);
    cell.cents += now.cents - was.cents;
    if (now.cost !== was.cost) cell.cost += now.cost - was.cost;
    if (now.included !== was.included) cell.included += now.included - was.included;
  }

  /** Those that are not as they were. */
  *changed(): Generator<Cell> {
    for (const cell of this.cells.values()) if (!isNothing(cell)) yield cell;
  }

  private of(log: Counted): Cell {
    const { text, key } = log.cell;
    let cell = this.cells.get(text);
    if (cell === undefined) {
      cell = { key, ...NOTHING };
      this.cells.set(text, cell);
    }
    return cell;
  }
}

const NOTHING = { transcriptions: 0, duration: 0n, billed: 0n, included: 0n, cost: 0n, cents: 0 };

function isNothing(cell: Cell): boolean {
  return (
    cell.transcriptions === 0 &&
    cell.cents === 0 &&
    cell.duration === 0n &&
    cell.billed === 0n &&
    cell.included === 0n &&
    cell.cost === 0n
  );
}
