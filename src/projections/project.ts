import { setImmediate as turn } from 'node:timers/promises';

import type { Drafts } from '../domain/account/drafts';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import type { Checkpoint, RowStore } from '../read-model/rows';
import { FULL_SPEED } from './pace';
import type { SplitFacts } from './split-facts';
import { BillingFold, EarlyCloseError, segments, type Folded, type Place } from './billing-fold';

/** A close that counts less than what stands before it, and how many events it counts. */
type EarlyClose = Pick<EarlyCloseError, 'event' | 'size'>;

/** Where events are read. */
type Events = Pick<EventReader, 'readAll' | 'readStream'>;

/** Told of how far a projection has come, and of its checkpoint. */
type OnProgress = (position: number, checkpoint: Checkpoint) => void | Promise<void>;

/**
 * Sessions that are kept in memory. A whole ledger has each session's facts near each other, and what is kept is what V8
 * copies and marks again and again.
 */
const SESSIONS = 2_000;
/** Statements, likewise: one that is read again costs less than keeping many through a pass that comes to each month once. */
const STATEMENTS = 4_000;

/** What differs from the default. */
export interface ProjectOptions {
  /** How many events a page has; asked for before each. */
  readonly pageSize?: number | (() => number);
  /** What is in force beside what the ledger says, for rehearsals. */
  readonly drafts?: Drafts | undefined;
  /** Folds many facts in a row, on other threads. */
  readonly split?: SplitFacts | undefined;
}

/**
 * Brings a read model that nobody else writes up to a position, page by page. Where a close counted less than what
 * stands before it, all is done again with that close at its place.
 * @param onProgress told of the checkpoint after each page; waited for, so that it may let others have their turn.
 */
export async function project(
  store: Events,
  rows: RowStore,
  upTo: number,
  onProgress: OnProgress,
  options: ProjectOptions = {},
): Promise<void> {
  const early: EarlyClose[] = [];
  if (isAmidEarlyClose(await rows.checkpoint())) await rows.clear();
  for (;;) {
    try {
      return await new Projection(store, rows, early, options).run(upTo, onProgress);
    } catch (error) {
      if (!(error instanceof EarlyCloseError)) throw error;
      early.push({ event: error.event, size: error.size });
      await rows.clear();
    }
  }
}

/** Whether it was left between a close that was folded early and its place: only from the beginning can it go on. */
function isAmidEarlyClose({ agreement, position }: Checkpoint): boolean {
  return agreement?.closes.some((close) => close.position > position) ?? false;
}

class Projection {
  private readonly fold: BillingFold;
  private checkpoint!: Checkpoint;
  /** Events that were folded since an early close, which the checkpoint moves past once the close's place is reached. */
  private pending: StoredEvent[] = [];
  /** The positions of the closes that were folded before their place and are still to come. */
  private readonly ahead = new Set<number>();

  constructor(
    private readonly store: Events,
    private readonly rows: RowStore,
    private readonly early: readonly EarlyClose[],
    private readonly options: ProjectOptions,
  ) {
    const { drafts, split } = options;
    this.fold = new BillingFold(store, rows, {
      drafts,
      split,
      sessions: SESSIONS,
      statements: STATEMENTS,
    });
  }

  async run(upTo: number, onProgress: OnProgress): Promise<void> {
    this.checkpoint = await this.rows.checkpoint();
    let after = this.checkpoint.position;
    let ahead: Promise<readonly StoredEvent[]> | undefined;
    while (after < upTo) {
      const page = await (ahead ?? this.read(after));
      const events = page.filter((event) => event.position <= upTo);
      if (events.length === 0) return;
      after = events.at(-1)!.position;
      ahead = this.readAhead(after);
      for (const segment of this.segmentsOf(events)) await this.take(segment);
      await onProgress(after, this.checkpoint);
    }
  }

  private read(after: number): Promise<readonly StoredEvent[]> {
    const { pageSize = () => FULL_SPEED.pageSize() } = this.options;
    const limit = typeof pageSize === 'number' ? pageSize : pageSize();
    return this.store.readAll(after as Position, limit);
  }

  /** Where other threads fold, the next page is read meanwhile: after they have this one. */
  private readAhead(after: number): Promise<readonly StoredEvent[]> | undefined {
    if (this.options.split === undefined) return undefined;
    const ahead = turn().then(() => this.read(after));
    // What fails here is thrown when the page is asked for, unless something else fails first.
    ahead.catch(() => undefined);
    return ahead;
  }

  /** One by one if a close may have to be folded between any two. */
  private segmentsOf(events: readonly StoredEvent[]): Iterable<readonly StoredEvent[]> {
    return this.early.length === 0 ? segments(events) : events.map((event) => [event]);
  }

  private async take(segment: readonly StoredEvent[]): Promise<void> {
    const place: Place = {
      index: this.checkpoint.size + this.pending.length,
      counted: this.pending.at(-1)?.position ?? this.checkpoint.position,
    };
    for (const { event, size } of this.early) {
      if (size !== place.index) continue;
      this.ahead.add(event.position);
      await this.commit(await this.fold.fold([event], this.checkpoint, place));
    }
    if (this.ahead.size === 0) return this.commit(await this.fold.fold(segment, this.checkpoint));
    const [event] = segment as [StoredEvent];
    this.pending.push(event);
    if (!this.ahead.delete(event.position)) {
      return this.commit(await this.fold.fold(segment, this.checkpoint, place));
    }
    if (this.ahead.size > 0) return;
    await this.commit(await this.fold.pass(this.pending, this.checkpoint));
    this.pending = [];
  }

  private async commit({ changes, next }: Pick<Folded, 'changes' | 'next'>): Promise<void> {
    await this.rows.commit(changes, next, this.checkpoint.position);
    this.checkpoint = next;
  }
}
