import {
  CheckpointMovedError,
  type Checkpoint,
  type RowChanges,
  type RowReader,
  type RowStore,
  type StatementKey,
} from '../rows';
import type { LiveConnections } from './live-connections';

/**
 * Somebody's side of the live rows. When another file takes the live one's place, commits are refused until the
 * checkpoint was read again: what was folded meanwhile was folded from rows that are gone.
 */
export class LiveRows implements RowStore {
  private seen: number | undefined;

  constructor(private readonly live: LiveConnections) {}

  async checkpoint(): Promise<Checkpoint> {
    const seen = this.live.generation;
    const checkpoint = await this.live.rows.checkpoint();
    this.seen = seen;
    return checkpoint;
  }

  commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    return this.alone((rows) => rows.commit(changes, next, expectedPosition));
  }

  clear(): Promise<void> {
    return this.alone((rows) => rows.clear());
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

  private alone<T>(work: (rows: RowStore) => Promise<T>): Promise<T> {
    return this.live.alone(() => {
      if (this.seen !== this.live.generation) throw new CheckpointMovedError();
      return work(this.live.rows);
    });
  }
}
