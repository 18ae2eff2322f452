import {
  CheckpointMovedError,
  type Checkpoint,
  type RowChanges,
  type RowReader,
  type RowsToRead,
  type RowStore,
  type StatementKey,
} from '../rows';
import type { LiveWriter } from './live-writer';

/** The rows of whichever file is live, for reading. */
export class LiveRowsToRead implements RowsToRead {
  constructor(private readonly live: { readonly rows: RowStore }) {}

  checkpoint(): Promise<Checkpoint> {
    return this.live.rows.checkpoint();
  }

  session(sessionId: string): ReturnType<RowReader['session']> {
    return this.live.rows.session(sessionId);
  }

  sessionsFrom(from: number, userId?: string): ReturnType<RowReader['sessionsFrom']> {
    return this.live.rows.sessionsFrom(from, userId);
  }

  sessionsSplitBy(period: string): ReturnType<RowReader['sessionsSplitBy']> {
    return this.live.rows.sessionsSplitBy(period);
  }

  sessionLogs(sessionId: string): ReturnType<RowReader['sessionLogs']> {
    return this.live.rows.sessionLogs(sessionId);
  }

  account(userId: string): ReturnType<RowReader['account']> {
    return this.live.rows.account(userId);
  }

  merkleTile(level: number, number: number): ReturnType<RowReader['merkleTile']> {
    return this.live.rows.merkleTile(level, number);
  }

  statement(key: StatementKey): ReturnType<RowReader['statement']> {
    return this.live.rows.statement(key);
  }

  marks(key: StatementKey): ReturnType<RowReader['marks']> {
    return this.live.rows.marks(key);
  }

  stretch(...all: Parameters<RowReader['stretch']>): ReturnType<RowReader['stretch']> {
    return this.live.rows.stretch(...all);
  }
}

/**
 * The projector's side of the live rows. After another file has taken the live one's place, commits are refused until
 * the checkpoint has been read again: what was folded before then came from rows that are gone.
 */
export class LiveRows extends LiveRowsToRead implements RowStore {
  private seen: number | undefined;
  /** Lets others commit again, or switch to another file. Set while parts of a commit are written. */
  private release: (() => void) | undefined;

  constructor(private readonly writer: LiveWriter) {
    super(writer);
  }

  override async checkpoint(): Promise<Checkpoint> {
    const seen = this.writer.generation;
    const checkpoint = await super.checkpoint();
    this.seen = seen;
    return checkpoint;
  }

  async commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    if (this.release === undefined) {
      return this.alone((rows) => rows.commit(changes, next, expectedPosition));
    }
    try {
      await this.writer.rows.commit(changes, next, expectedPosition);
    } finally {
      this.free();
    }
  }

  async writePart(changes: RowChanges, expectedPosition: number): Promise<void> {
    this.release ??= await this.writer.hold();
    try {
      if (this.seen !== this.writer.generation) throw new CheckpointMovedError();
      await this.writer.rows.writePart(changes, expectedPosition);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    if (this.release === undefined) return;
    try {
      await this.writer.rows.abandon();
    } finally {
      this.free();
    }
  }

  private free(): void {
    this.release?.();
    this.release = undefined;
  }

  clear(): Promise<void> {
    return this.alone((rows) => rows.clear());
  }

  private alone<T>(work: (rows: RowStore) => Promise<T>): Promise<T> {
    return this.writer.alone(() => {
      if (this.seen !== this.writer.generation) throw new CheckpointMovedError();
      return work(this.writer.rows);
    });
  }
}
