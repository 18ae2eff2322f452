import { readFact } from '../domain/events/stored';
import {
  isLedgerEvent,
  LEDGER_EVENTS,
  readLedgerEvent,
  sessionOfStream,
  type LedgerRestored,
} from '../domain/ledger';
import { leafHash, leafText } from '../domain/merkle';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import { advance } from '../projections/advance';
import { noRows } from '../projections/folded-rows';
import { MerkleLog } from '../projections/merkle-log';
import { NOTHING_READ, type Checkpoint, type RowStore } from '../read-model/rows';
import { faultOf } from './event-check';
import { messageOf, type Faults } from './faults';
import { AT_ONCE, type Manner } from './manner';
import { LedgerRules } from './ledger-rules';
import type { SessionRules, Told } from './session-rules';

/** What a stored close says that it counted. */
export interface ScannedClose {
  readonly index: number;
  readonly position: number;
  readonly period: string;
  readonly size: number;
  readonly root: string;
}

/** A stored restore, and its index. */
export interface ScannedRestore extends LedgerRestored {
  readonly index: number;
  readonly position: number;
}

/**
 * Reads the events from first to last, whatever their content, and checks that the ledger can have written each. Puts
 * their hashes into Merkle tiles of its own, so that the log can be compared with others in constant memory.
 */
export class LedgerScan {
  checkpoint: Checkpoint = NOTHING_READ;
  readonly closes: ScannedClose[] = [];
  readonly restores: ScannedRestore[] = [];
  private readonly merkleLog: MerkleLog;
  private readonly ledgerRules = new LedgerRules();

  /** @param rows an empty read model; only its tiles are used. */
  constructor(
    private readonly store: Pick<EventReader, 'readAll'>,
    private readonly rows: RowStore,
    private readonly sessionRules: SessionRules,
    private readonly faults: Faults,
    private readonly manner: Manner = AT_ONCE,
  ) {
    this.merkleLog = new MerkleLog(rows);
  }

  /** Reads up to a position. If the store can't be read, reports a fault and stops there. */
  async run(upTo: number, onProgress: (checkpoint: Checkpoint) => void): Promise<void> {
    while (this.checkpoint.position < upTo) {
      const page = await this.nextPage(this.manner.pace.pageSize());
      const events = page.filter((event) => event.position <= upTo);
      if (events.length === 0) return;
      await this.take(events);
      onProgress(this.checkpoint);
      await this.manner.pace.rest();
    }
  }

  /** If a page can't be read, the events before the bad one can still be read one by one. */
  private async nextPage(limit: number): Promise<readonly StoredEvent[]> {
    const { position, size } = this.checkpoint;
    try {
      return await this.store.readAll(position as Position, limit);
    } catch (error) {
      if (this.manner.isPassing(error)) throw error;
      if (limit > 1) return this.nextPage(1);
      this.faults.add(
        'store',
        `The events after position ${position} cannot be read: ${messageOf(error)}`,
        {
          index: size,
        },
      );
      return [];
    }
  }

  private async take(events: readonly StoredEvent[]): Promise<void> {
    const { size } = this.checkpoint;
    const told: Told[] = [];
    events.forEach((event, at) => this.lookAt(event, size + at, told));
    for (const { index, detail } of await this.sessionRules.take(told)) {
      const { position } = events[index - size]!;
      this.faults.add('event', `The ledger's rules forbid it: ${detail}`, { index, position });
    }
    const leaves = events.map((event, at) => this.leafOf(event, size + at));
    const merkleTiles = await this.merkleLog.add(events, leaves, this.checkpoint);
    const next = advance(this.checkpoint, events, leaves, null);
    await this.rows.commit({ ...noRows(), merkleTiles }, next, this.checkpoint.position);
    this.checkpoint = next;
  }

  /** Returns the hash of an event. If its row can't be written as a leaf, that of nothing, which matches no root. */
  private leafOf(event: StoredEvent, index: number): Buffer {
    try {
      return leafHash(leafText(event));
    } catch (error) {
      const { position } = event;
      this.faults.add('event', `It cannot be read: ${messageOf(error)}`, { index, position });
      return leafHash('');
    }
  }

  /** Looks at an event. What it says may be anything, so that a rule may fail at it. */
  private lookAt(event: StoredEvent, index: number, told: Told[]): void {
    try {
      this.look(event, index, told);
    } catch (error) {
      const { position } = event;
      this.faults.add('event', `It cannot be read: ${messageOf(error)}`, { index, position });
    }
  }

  /** @param told receives what the event says about a session, for the rules of sessions. */
  private look(event: StoredEvent, index: number, told: Told[]): void {
    const { position, type, stream } = event;
    const fault = faultOf(event, index);
    if (fault !== undefined) return this.faults.add('event', fault, { index, position });
    if (!isLedgerEvent(type)) {
      told.push({ index, sessionId: sessionOfStream(stream), fact: readFact(type, event.body)! });
      return;
    }
    if (type === LEDGER_EVENTS.sessionVoided) {
      told.push({ index, sessionId: sessionOfStream(stream), fact: undefined });
    }
    const broken = this.ledgerRules.take(event, type);
    if (broken !== undefined) {
      this.faults.add('event', `The ledger's rules forbid it: ${broken}`, { index, position });
    }
    if (event.type === LEDGER_EVENTS.periodClosed) {
      const { period, size, root } = readLedgerEvent(event.type, event.body).data;
      this.closes.push({ index, position, period, size, root });
    } else if (event.type === LEDGER_EVENTS.restored) {
      const { data } = readLedgerEvent(event.type, event.body);
      this.restores.push({ index, position, ...data });
    }
  }
}
