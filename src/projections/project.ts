import { setImmediate as turn } from 'node:timers/promises';

import type { Drafts } from '../domain/account/drafts';
import type { BillingPeriod } from '../domain/billing-period/zone';
import type { EventReader, Position, StoredEvent } from '../event-store/port';
import type { Checkpoint, RowStore } from '../read-model/rows';
import { FULL_SPEED } from './pace';
import type { SplitFacts } from './split-facts';
import {
  BillingFold,
  EarlyCloseError,
  OtherBoundsError,
  segments,
  type Folded,
  type Place,
} from './billing-fold';

/** A close that counts fewer events than precede it, and how many it counts. */
type EarlyClose = Pick<EarlyCloseError, 'event' | 'size'>;

/** The store that events are read from. */
type Events = Pick<EventReader, 'readAll' | 'readStream'>;

/** Receives how far a projection is, and its checkpoint. */
type OnProgress = (position: number, checkpoint: Checkpoint) => void | Promise<void>;

/**
 * How many sessions are kept in memory. Few are enough: in a whole ledger, each session's facts are near each other. V8
 * would copy and mark more of them again and again.
 */
const SESSIONS = 2_000;
/** How many statements are kept in memory. Rereading one costs less than keeping many: each month is visited once. */
const STATEMENTS = 3_000;
/** How many logs are kept in memory, of statements whose logs arrive out of order: some 300 bytes each. */
const LOGS = 40_000;

/** How {@link project} reads and folds. */
export interface ProjectOptions {
  /** How many events a page has. A function is called before each page. */
  readonly pageSize?: number | (() => number);
  /** The draft cards and plans of a rehearsal, in force in addition to those in the ledger. */
  readonly drafts?: Drafts | undefined;
  /** Folds long runs of facts, on other threads. */
  readonly split?: SplitFacts | undefined;
  /** As for the fold. */
  readonly sessionsAPart?: number | undefined;
  /** Called after all rows were dropped, to fold everything again. */
  readonly onStartAgain?: () => void;
}

/**
 * Advances a read model to a position, page by page; nobody else may write to it. Starts again if a close counts fewer
 * events than precede it, to fold that close where its count ends, or if it names other bounds of its period than this
 * Node.js, to fold all facts under those.
 * @param onProgress called with the checkpoint after each page, and awaited, so that it can give others a turn.
 */
export async function project(
  store: Events,
  rows: RowStore,
  upTo: number,
  onProgress: OnProgress,
  options: ProjectOptions = {},
): Promise<void> {
  const early: EarlyClose[] = [];
  const ahead: BillingPeriod[] = [];
  const startAgain = async () => {
    await rows.clear();
    options.onStartAgain?.();
  };
  if (isAmidEarlyClose(await rows.checkpoint())) await startAgain();
  for (;;) {
    try {
      return await new Projection(store, rows, { early, ahead }, options).run(upTo, onProgress);
    } catch (error) {
      // If this fails too, the first error says more.
      await rows.abandon().catch(() => undefined);
      if (error instanceof EarlyCloseError) early.push({ event: error.event, size: error.size });
      else if (error instanceof OtherBoundsError) ahead.push(error.bounds);
      else throw error;
      await startAgain();
    }
  }
}

/**
 * Returns whether an earlier run stopped after it folded a close early and before it reached that close's own position.
 * Such a run cannot be continued: all is folded again.
 */
function isAmidEarlyClose({ agreement, position }: Checkpoint): boolean {
  return agreement?.closes.some((close) => close.position > position) ?? false;
}

/** What is known of closes before they are reached. */
interface Known {
  readonly early: readonly EarlyClose[];
  /** The bounds that they name. */
  readonly ahead: readonly BillingPeriod[];
}

class Projection {
  private readonly fold: BillingFold;
  private readonly early: readonly EarlyClose[];
  private checkpoint!: Checkpoint;
  /** Events folded since an early close. The checkpoint moves past them once the close's own position is reached. */
  private pending: StoredEvent[] = [];
  /** The positions of closes that were folded early and are not reached yet. */
  private readonly ahead = new Set<number>();

  constructor(
    private readonly store: Events,
    private readonly rows: RowStore,
    { early, ahead }: Known,
    private readonly options: ProjectOptions,
  ) {
    const { drafts, split, sessionsAPart } = options;
    this.early = early;
    this.fold = new BillingFold(store, rows, {
      drafts,
      ahead,
      // The other threads do not know these bounds.
      split: ahead.length > 0 ? undefined : split,
      sessions: SESSIONS,
      statements: STATEMENTS,
      logs: LOGS,
      writePart: rows.writePart.bind(rows),
      sessionsAPart,
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

  /** If other threads fold, reads the next page while they fold this one. */
  private readAhead(after: number): Promise<readonly StoredEvent[]> | undefined {
    if (this.options.split === undefined) return undefined;
    const ahead = turn().then(() => this.read(after));
    // A failure is thrown when the page is needed, unless something else fails first.
    ahead.catch(() => undefined);
    return ahead;
  }

  /** Returns the segments of a page: single events if a close may have to be folded between any two. */
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
