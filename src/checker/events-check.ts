import { History } from './derivation/history';
import { type Header, readHash } from './header';
import type { Members } from './json';
import { readLeaf } from './events/leaf';
import { GrowingTree, hashOfLeaf } from './merkle';
import { DoesNotFollow, type Problems } from './problem';
import { readRestored, type Restored } from './restored';
import { LedgerRules } from './rules';

const EVENT_MEMBERS = ['line', 'index', 'leaf', 'hash'];
const LEFT_OUT_MEMBERS = ['line', 'from', 'to', 'hash'];

/** A close, and what it pins. */
export interface PinnedClose {
  readonly line: number;
  readonly index: number;
  readonly period: string;
  readonly totals: readonly unknown[];
}

/**
 * Takes a bundle's events in ledger order, with hashes in place of the events left out. Builds the Merkle tree of the
 * events, and the history from which bills are derived.
 */
export class EventsCheck {
  readonly history = new History();
  readonly closes: PinnedClose[] = [];
  readonly restores: Restored[] = [];
  events = 0;
  leftOut = 0;
  /** Whether all events so far could be read and were in order. Otherwise no bill is derived. */
  readable = true;
  private readonly tree = new GrowingTree();
  private readonly rules = new LedgerRules();
  /** The roots at the sizes that the header's `close_sizes` name. */
  private readonly roots = new Map<number, string>();
  /** The sizes that the closes themselves name. */
  private readonly counted = new Set<number>();
  private inPlace = true;
  private nextSize = 0;

  constructor(
    private readonly header: Header,
    private readonly problems: Problems,
  ) {}

  takeEvent(line: number, members: Members): void {
    this.checkMembers(line, members, EVENT_MEMBERS, 'An event');
    const index = members.whole('index', 0);
    const leaf = members.text('leaf');
    if (!this.stands(line, index, index + 1)) return;
    const hash = hashOfLeaf(leaf);
    const said = readHash(members, 'hash');
    if (hash.toString('hex') !== said) {
      this.problems.add(
        `The hash of event ${index} is ${hash.toString('hex')}, but the line says ${said}: the leaf was changed.`,
        line,
        index,
      );
    }
    this.add(line, 1, hash);
    this.events += 1;
    try {
      this.takeLeaf(line, index, leaf);
    } catch (error) {
      if (!(error instanceof DoesNotFollow)) throw error;
      this.readable = false;
      this.problems.add(`Event ${index}: ${error.text}`, line, index);
    }
  }

  takeLeftOut(line: number, members: Members): void {
    this.checkMembers(line, members, LEFT_OUT_MEMBERS, 'A line of events left out');
    const from = members.whole('from', 0);
    const to = members.whole('to', 1);
    const hash = Buffer.from(readHash(members, 'hash'), 'hex');
    if (!this.stands(line, from, to)) return;
    if (!this.tree.takes(to - from)) {
      this.inPlace = this.readable = false;
      this.problems.add(
        `The events from ${from} to ${to - 1} are not a full subtree, so one hash can't stand for them.`,
        line,
        from,
      );
      return;
    }
    const { period, user_id } = this.header.scope;
    if (period === null && user_id === null) {
      this.problems.add(
        `The bundle covers everything, but leaves out the events from ${from} to ${to - 1}.`,
        line,
        from,
      );
    }
    this.leftOut += to - from;
    this.add(line, to - from, hash);
  }

  /** Must be called after the last event. */
  end(): void {
    const { size, root } = this.header;
    if (this.readable) this.checkCloseSizes();
    if (!this.inPlace) return;
    if (this.tree.size !== size) {
      this.readable = false;
      this.problems.add(
        `The bundle has the events up to ${this.tree.size}, but its header says that there are ${size}: those from index ${this.tree.size} on are missing.`,
        null,
        this.tree.size,
      );
    } else if (this.tree.root() !== root) {
      this.problems.add(
        `The root of the ${size} events is ${this.tree.root()}, but the header says ${root}: an event, or a hash in place of events left out, was changed.`,
      );
    }
  }

  private takeLeaf(line: number, index: number, leaf: string): void {
    const { type, entry, data } = readLeaf(leaf);
    if (type === 'ledger.restored') this.restores.push(readRestored(index, line, data));
    if (entry === null) return;
    this.rules.take(index, entry);
    if (entry.type === 'ledger.opened') this.checkOpening(line, entry.billing_time_zone, data);
    // Once an event was unreadable, no bill is derived: later events may make no sense without it.
    if (this.readable) this.history.add({ index, entry });
    if (type === 'billing_period.closed') this.takeClose(line, index, data);
  }

  private checkOpening(line: number, zone: string, data: Members): void {
    const { ledgerId, zone: said } = this.header;
    const id = data.text('ledger_id');
    const tell = (text: string) => this.problems.add(`Event 0: ${text}`, line, 0);
    if (id !== ledgerId) tell(`It opens the ledger ${id}, but the header says ${ledgerId}.`);
    if (zone !== said) tell(`Its zone is ${zone}, but the header says ${said}.`);
  }

  private takeClose(line: number, index: number, data: Members): void {
    const period = data.text('period');
    const size = data.whole('size', 1);
    const pinned = readHash(data, 'root');
    const root = this.roots.get(size);
    // A wrong root is only reported: the bills are still derived.
    if (root === undefined) {
      this.problems.add(
        `Event ${index}: The close of ${period} counts ${size} events, but the header's close_sizes do not name that size: its root can't be checked.`,
        line,
        index,
      );
    } else if (root !== pinned) {
      this.problems.add(
        `Event ${index}: The close of ${period} pins the root ${pinned} of the first ${size} events, but that root is ${root}.`,
        line,
        index,
      );
    }
    this.counted.add(size);
    this.closes.push({ line, index, period, totals: data.list('totals') });
  }

  private checkCloseSizes(): void {
    const nobodys = this.header.closeSizes.filter((size) => !this.counted.has(size));
    if (nobodys.length === 0) return;
    this.problems.add(
      `The header's close_sizes name ${nobodys.join(', ')}, but no close counts that many events.`,
    );
  }

  private checkMembers(line: number, members: Members, names: string[], what: string): void {
    const other = members.otherThan(names, what);
    if (other !== null) this.problems.add(other, line);
  }

  /** Returns whether `[from, to)` begins where the lines before it ended. */
  private stands(line: number, from: number, to: number): boolean {
    if (!this.inPlace) return false;
    const { size } = this.tree;
    if (from === size && to <= this.header.size) return true;
    this.inPlace = this.readable = false;
    const said =
      from > size
        ? `the events from ${size} to ${from - 1} are missing`
        : from < size
          ? `the events from ${from} on came before, or the order is wrong`
          : `the header says that there are only ${this.header.size} events`;
    this.problems.add(
      `After the first ${size} events come those from index ${from}: ${said}.`,
      line,
      from,
    );
    return false;
  }

  private add(line: number, width: number, hash: Buffer): void {
    this.tree.add(width, hash);
    const { closeSizes } = this.header;
    const next = closeSizes[this.nextSize];
    if (next === undefined || next > this.tree.size) return;
    this.nextSize += 1;
    if (next === this.tree.size) this.roots.set(next, this.tree.root());
    else {
      this.problems.add(
        `The root of the first ${next} events, which a close names, can't be computed: one hash in place of events left out spans that point.`,
        line,
      );
    }
  }
}
