import { cached } from '../cached';
import type { Pico } from '../pico';
import type { RatedCharge } from './charge';

/** The key by which logs are summed. `day` is the date of completion, in the ledger's zone. */
export interface CellKey {
  readonly currency: string;
  readonly stt_provider: string;
  readonly transcription_type: string;
  readonly plan: string;
  readonly day: string;
  /** Whether the log is a retry that costs nothing. */
  readonly free: boolean;
}

/** The sums of the logs with one key. */
export interface Cell {
  readonly key: CellKey;
  transcriptions: number;
  duration: Pico;
  billed: Pico;
  included: Pico;
  cost: Pico;
  cents: number;
}

/** A key and its text. */
export interface NamedCell {
  readonly text: string;
  readonly key: CellKey;
}

/** The quantities of a log that do not depend on its rank. */
export interface Counted {
  readonly cell: NamedCell;
  readonly duration: Pico;
  readonly billed: Pico;
}

/** How many cells are cached. A month has one per day, provider, plan, type and currency. */
const KEPT = 10_000;
const named = new Map<string, NamedCell>();

/** Returns the cell of a key. Logs share cells: there are few of them, and many logs are kept in memory. */
export function cellOf(key: CellKey): NamedCell {
  const { currency, stt_provider, transcription_type, plan, day, free } = key;
  // No part of a key holds a space.
  const text = `${currency} ${stt_provider} ${transcription_type} ${plan} ${day}${free ? ' free' : ''}`;
  return named.get(text) ?? cached(named, KEPT, text, { text, key });
}

/** The differences that a change makes to sums, by the finest key: all coarser sums follow from them. */
export class Cells {
  private readonly cells = new Map<string, Cell>();

  /** Adds a log, or removes it if `sign` is -1. */
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

  /** Notes that a log whose own fields did not change now has another cost. */
  move(log: Counted, was: RatedCharge, now: RatedCharge): void {
    const cell = this.of(log);
    cell.cents += now.cents - was.cents;
    if (now.cost !== was.cost) cell.cost += now.cost - was.cost;
    if (now.included !== was.included) cell.included += now.included - was.included;
  }

  /** Yields the cells that changed. */
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
