import { existsSync } from 'node:fs';

import type Database from 'better-sqlite3';

import { checkAppends, checkLimit, otherRevision } from '../checks';
import { StoreError } from '../errors';
import { Follower } from '../follower';
import {
  NO_STREAM,
  PAGE_CHARACTERS,
  type AppendOutcome,
  type EventFollower,
  type EventReader,
  type EventStoreTarget,
  type Position,
  type StoredEvent,
  type StreamAppend,
  type StreamEvent,
  type SubscribeOptions,
  type Subscription,
} from '../port';
import { examine } from './examine';
import { identityOf } from '../file-identity';
import { takeLock, type FileLock } from '../file-lock';
import { checkVersion, makeDurable, migrate } from './schema';
import { sqliteCode } from '../sqlite-code';
import { SqliteDatabase } from '../../lib/sqlite';

interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly event_id: Buffer;
  readonly type: string;
  readonly recorded_at: number;
  readonly body: string;
}

/** `configure` is for tests: it runs on the open file, before anything is read. */
export interface SqliteOptions {
  readonly configure?: (db: Database.Database) => void;
  /** SQLite's page cache, in KiB. If left out, large enough for appends all over the file. */
  readonly cacheKb?: number;
}

const SELECT = `SELECT e.position, s.name AS stream, e.revision, e.event_id, e.type, e.recorded_at, e.body
  FROM events e JOIN streams s ON s.id = e.stream_id`;

/**
 * The embedded event store: one SQLite file and one writing process. All appends of a call are one transaction, durable
 * when the call returns. Positions are dense.
 */
export class SqliteEventStore implements EventStoreTarget {
  readonly shared = false;
  private readonly followers = new Set<Follower>();
  private readonly statements;
  private readonly transaction: (appends: readonly StreamAppend[]) => AppendOutcome[];
  private readonly orderedTransaction: (appends: readonly StreamAppend[]) => void;
  /** The identity of the open file: another file may be put at its path. */
  private readonly identity: string | undefined;
  /** The position of the last event. Each transaction reads it again: the lock may have failed to keep others out. */
  private lastPosition: number;
  private closed = false;

  /**
   * Opens the file, creates it if it does not exist, and holds its lock until {@link close}.
   * @throws StoreError `locked`, or `refused` if the file is not ours or cannot be made durable.
   */
  static open(path: string, options: SqliteOptions = {}): SqliteEventStore {
    const lock = takeLock(
      path,
      (owner) =>
        `The ledger ${path} is in use by ${owner}. Only one process at a time writes to a ledger: stop that process, or choose another DATA_DIR.`,
    );
    let db: Database.Database | undefined;
    try {
      db = new SqliteDatabase(lock.path);
      options.configure?.(db);
      makeDurable(db, options.cacheKb);
      migrate(db);
      return new SqliteEventStore(db, lock.path, lock);
    } catch (error) {
      db?.close();
      lock.release();
      throw toStoreError(error, path, ` ${path}`);
    }
  }

  /**
   * Opens an existing file for reading only, without its lock, beside the process that writes to it.
   * @throws StoreError `refused` if there is no ledger at the path.
   */
  static openReader(path: string): EventReader & EventFollower {
    if (!existsSync(path)) {
      throw new StoreError(
        'refused',
        `There is no ledger at ${path}. Set DATA_DIR or EVENT_STORE_URL to where it is.`,
      );
    }
    let db: Database.Database | undefined;
    try {
      db = new SqliteDatabase(path, { readonly: true });
      db.pragma('busy_timeout = 5000');
      checkVersion(db);
      return new SqliteEventStore(db, path, undefined);
    } catch (error) {
      db?.close();
      throw toStoreError(error, path, ` ${path}`);
    }
  }

  private constructor(
    private readonly db: Database.Database,
    private readonly path: string,
    /** `undefined` for a reader. */
    private readonly lock: FileLock | undefined,
  ) {
    this.statements = {
      stream: db.prepare<[string], { id: number; revision: number }>(
        'SELECT id, revision FROM streams WHERE name = ?',
      ),
      newStream: db.prepare('INSERT INTO streams (name, revision) VALUES (?, ?)'),
      setRevision: db.prepare('UPDATE streams SET revision = ? WHERE id = ?'),
      insert: db.prepare(
        'INSERT INTO events (position, stream_id, revision, event_id, type, recorded_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      stored: db.prepare<[number, number, number], { position: number; event_id: Buffer }>(
        'SELECT position, event_id FROM events WHERE stream_id = ? AND revision > ? ORDER BY revision LIMIT ?',
      ),
      readStream: db.prepare<[string, number, number], EventRow>(
        `${SELECT} WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
      ),
      readAll: db.prepare<[number, number], EventRow>(
        `${SELECT} WHERE e.position > ? ORDER BY e.position LIMIT ?`,
      ),
      head: db.prepare<[], { head: number | null }>('SELECT max(position) AS head FROM events'),
      last: db.prepare<[], EventRow>(`${SELECT} ORDER BY e.position DESC LIMIT 1`),
    };
    this.identity = identityOf(path);
    this.lastPosition = this.readHead();
    const transaction = db.transaction((appends: readonly StreamAppend[]) => {
      this.lastPosition = this.readHead();
      return appends.map((append) => this.appendOne(append));
    });
    this.transaction = (appends) => transaction.immediate(appends);
    const ordered = db.transaction((appends: readonly StreamAppend[]) => {
      this.lastPosition = this.readHead();
      for (const append of appends) {
        const outcome = this.appendOne(append);
        if (outcome.status === 'conflict') throw otherRevision(append, outcome.actualRevision);
      }
    });
    this.orderedTransaction = (appends) => ordered.immediate(appends);
  }

  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    return this.attempt(() => {
      checkAppends(appends);
      return this.write(() => this.transaction(appends));
    });
  }

  appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    return this.attempt(() => this.write(() => this.orderedTransaction(appends)));
  }

  readStream(stream: string, fromRevision: number, limit: number): Promise<readonly StreamEvent[]> {
    return this.attempt(() => {
      checkLimit(limit);
      return pageOf(this.statements.readStream.iterate(stream, fromRevision, limit), toStreamEvent);
    });
  }

  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.attempt(() => {
      checkLimit(limit);
      return pageOf(this.statements.readAll.iterate(after, limit), toStoredEvent);
    });
  }

  subscribe(options: SubscribeOptions): Subscription {
    checkLimit(options.pageSize);
    const follower = new Follower(this, options);
    this.followers.add(follower);
    void follower.done.catch(() => undefined).finally(() => this.followers.delete(follower));
    return follower;
  }

  head(): Promise<Position> {
    return this.attempt(() => {
      this.checkInPlace();
      const before = this.lastPosition;
      this.lastPosition = this.readHead();
      if (this.lastPosition > before) this.wake();
      return this.lastPosition as Position;
    });
  }

  wake(): void {
    for (const follower of this.followers) follower.wake();
  }

  last(): Promise<StoredEvent | undefined> {
    return this.attempt(() => {
      const row = this.statements.last.get();
      return row && toStoredEvent(row);
    });
  }

  examine(): Promise<readonly string[]> {
    return this.attempt(() => examine(this.db));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await Promise.all([...this.followers].map((follower) => follower.close()));
    this.closed = true;
    this.db.close();
    this.lock?.release();
  }

  /** Writes in a transaction, and wakes the followers. */
  private write<T>(transaction: () => T): T {
    this.checkInPlace();
    const before = this.lastPosition;
    try {
      const written = transaction();
      if (this.lastPosition > before) this.wake();
      return written;
    } catch (error) {
      this.lastPosition = before;
      throw error;
    }
  }

  private readHead(): number {
    return this.statements.head.get()?.head ?? 0;
  }

  /** @throws StoreError `unavailable` if the path no longer names the open file: anything written would be lost. */
  private checkInPlace(): void {
    if (this.identity === undefined || identityOf(this.path) === this.identity) return;
    throw new StoreError(
      'unavailable',
      "The ledger's file was removed or replaced while it was open, so new events would go to the old one. Nothing is written. Stop the service, put the right file in place, and start again.",
    );
  }

  private appendOne({ stream, expectedRevision, events }: StreamAppend): AppendOutcome {
    const known = this.statements.stream.get(stream);
    const actualRevision = known?.revision ?? NO_STREAM;
    if (expectedRevision !== actualRevision) {
      const repeated = known && this.positionsOf(known.id, expectedRevision, events);
      return repeated ?? { status: 'conflict', actualRevision };
    }
    const revision = expectedRevision + events.length;
    let streamId: number | bigint;
    if (known === undefined) {
      streamId = this.statements.newStream.run(stream, revision).lastInsertRowid;
    } else {
      streamId = known.id;
      this.statements.setRevision.run(revision, streamId);
    }
    const positions = events.map((event, index) => {
      this.lastPosition += 1;
      this.statements.insert.run(
        this.lastPosition,
        streamId,
        expectedRevision + 1 + index,
        Buffer.from(event.id.replaceAll('-', ''), 'hex'),
        event.type,
        event.recordedAt,
        event.body,
      );
      return this.lastPosition as Position;
    });
    return { status: 'appended', positions };
  }

  /** Returns the positions of events that were appended before at the same revision, if these are the same events. */
  private positionsOf(
    streamId: number,
    expectedRevision: number,
    events: StreamAppend['events'],
  ): AppendOutcome | undefined {
    const rows = this.statements.stored.all(streamId, expectedRevision, events.length);
    const same =
      rows.length === events.length &&
      rows.every((row, index) => toUuid(row.event_id) === events[index]!.id);
    return same
      ? { status: 'appended', positions: rows.map((row) => row.position as Position) }
      : undefined;
  }

  private async attempt<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.closed) throw new StoreError('unavailable', 'The event store is closed.');
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }
}

/** Reads rows one by one, because all that `limit` allows may not fit into memory. */
function pageOf<T extends StoredEvent>(
  rows: Iterable<EventRow>,
  toEvent: (row: EventRow) => T,
): readonly T[] {
  const page: T[] = [];
  let characters = 0;
  for (const row of rows) {
    page.push(toEvent(row));
    characters += row.body.length;
    if (characters >= PAGE_CHARACTERS) break;
  }
  return page;
}

function toStoredEvent(row: EventRow): StoredEvent {
  return {
    position: row.position as Position,
    stream: row.stream,
    revision: row.revision,
    id: toUuid(row.event_id),
    type: row.type,
    body: row.body,
    recordedAt: row.recorded_at,
  };
}

function toStreamEvent(row: EventRow): StreamEvent {
  return { ...toStoredEvent(row), acknowledged: row.position as Position };
}

function toUuid(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * A full disk, an I/O error or a busy file may pass: the transaction was rolled back. Any other error will not pass.
 * @param named the path, if only the operator reads the message of an error that may pass.
 */
function toStoreError(error: unknown, path: string, named = ''): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const passing = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY)/.test(code);
  return new StoreError(
    passing ? 'unavailable' : 'refused',
    passing
      ? `The event store could not write or read its file${named} (${code}). Check the disk's space and health; sending again is safe.`
      : describeDamage(path, code, error as Error),
    { cause: error },
  );
}

function describeDamage(path: string, code: string, error: Error): string {
  const damaged = /^SQLITE_(CORRUPT|NOTADB)/.test(code);
  const cure = damaged
    ? ' Stop the service, keep the file as it is, and restore the newest backup (docs/how-to/back-up-and-restore.md).'
    : '';
  return `The ledger's file ${path} is ${damaged ? 'damaged or not a ledger' : 'not usable'} (${code}): ${error.message}.${cure}`;
}
