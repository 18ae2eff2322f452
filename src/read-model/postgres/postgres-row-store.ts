import { readAgreement, type Agreement } from '../../domain/account/agreement';
import { LAST_PLACE, placeValues, type LogPlace } from '../../domain/billing/place';
import type { Connection, Connections } from '../../postgres/pool';
import { inTransaction, query, rollBack } from '../../postgres/statements';
import {
  CheckpointMovedError,
  type AccountRow,
  type Checkpoint,
  type MarkRow,
  type MerkleTileRow,
  type RatedLogRow,
  type RowChanges,
  type RowStore,
  type SessionOfUser,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageLogRow,
  type Wanted,
} from '../rows';
import { BILLING, TABLE_KEYS, type CheckpointRow } from '../tables';
import { keyOf } from './columns';
import { ReadAhead } from './read-ahead';
import { SELECT } from './selects';
import { writeRows } from './writes';

/** The most rows that one SQL statement deletes, so that none takes too long. */
const DELETED_AT_ONCE = 20_000;

/**
 * Nothing waits for the disk. After a crash of the server the newest rows may be gone, but always together with their
 * checkpoint, and the ledger has their events.
 */
const BEGIN = 'BEGIN; SET LOCAL synchronous_commit = off';

/** Between two parts, their rows are folded, which may take some seconds on a busy machine. */
const BEGIN_PARTS = `${BEGIN}; SET LOCAL idle_in_transaction_session_timeout = '60s'`;

/**
 * The projector's side of a read model in PostgreSQL. Rows and checkpoint move in one transaction. The transaction
 * fails if another projector has moved the checkpoint.
 */
export class PostgresRowStore implements RowStore {
  private agreement: Agreement | null = null;
  /**
   * The version of the checkpoint's row that was last read or written; PostgreSQL gives each change a new one. A
   * different version shows that other rows have replaced these, even if their checkpoint is at the same position.
   */
  private version: string | undefined;
  private readonly ahead = new ReadAhead();
  /** The connection with the transaction of a commit whose first parts are written. All reads use it, to see them. */
  private parts: Connection | undefined;

  constructor(private readonly connections: Connections) {}

  async checkpoint(): Promise<Checkpoint> {
    this.ahead.clear();
    const row = (await this.one<CheckpointRow & { version: string }>('checkpoint', BILLING))!;
    this.version = row.version;
    this.agreement = row.agreement === null ? null : readAgreement(row.agreement);
    const { position, size, recorded_at } = row;
    const edge = row.edge === '' ? [] : row.edge.split(' ');
    return { position, size, recorded_at, edge, agreement: this.agreement };
  }

  async commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    this.ahead.clear();
    let version: string | undefined;
    const work = async (connection: Connection) => {
      version = await this.move(connection, next, expectedPosition);
      await writeRows(connection, changes);
    };
    if (this.parts === undefined) await inTransaction(this.connections, work, BEGIN);
    else await this.endWith(this.parts, work);
    this.version = version;
    this.agreement = next.agreement;
  }

  async writePart(changes: RowChanges, expectedPosition: number): Promise<void> {
    this.ahead.clear();
    this.parts ??= await this.begin(expectedPosition);
    try {
      await writeRows(this.parts, changes);
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    const { parts } = this;
    if (parts === undefined) return;
    this.parts = undefined;
    this.ahead.clear();
    await rollBack(parts);
    parts.release();
  }

  /** Begins the transaction of a commit in parts, and locks the checkpoint. */
  private async begin(expectedPosition: number): Promise<Connection> {
    const connection = await this.connections.connect();
    try {
      await connection.query(BEGIN_PARTS);
      const { rows } = await connection.query(
        `SELECT position FROM checkpoints
         WHERE name = $1 AND position = $2 AND ($3::text IS NULL OR xmin::text = $3) FOR UPDATE`,
        [BILLING, expectedPosition, this.version ?? null],
      );
      if (rows.length === 0) throw new CheckpointMovedError();
      return connection;
    } catch (error) {
      await rollBack(connection);
      connection.release();
      throw error;
    }
  }

  private async endWith(
    parts: Connection,
    last: (connection: Connection) => Promise<void>,
  ): Promise<void> {
    try {
      await last(parts);
      await parts.query('COMMIT');
    } catch (error) {
      await this.abandon();
      throw error;
    }
    this.parts = undefined;
    parts.release();
  }

  async clear(): Promise<void> {
    this.ahead.clear();
    await inTransaction(
      this.connections,
      async (connection) => {
        await connection.query(
          "UPDATE checkpoints SET position = 0, size = 0, recorded_at = 0, edge = '', agreement = NULL",
        );
        for (const table of Object.keys(TABLE_KEYS)) {
          if (table !== 'checkpoints') await empty(connection, table);
        }
      },
      BEGIN,
    );
    this.agreement = null;
    this.version = undefined;
  }

  async readAhead(wanted: Wanted): Promise<void> {
    if (Object.values(wanted).every((keys: readonly unknown[]) => keys.length === 0)) return;
    await this.onConnection((connection) => this.ahead.fill(connection, wanted));
  }

  async session(sessionId: string): Promise<SessionRow | undefined> {
    const { sessions } = this.ahead;
    if (sessions.has(sessionId)) return sessions.get(sessionId);
    return this.one('session', sessionId);
  }

  async statement(key: StatementKey): Promise<StatementRow | undefined> {
    const text = keyOf('statements', key);
    if (this.ahead.statements.has(text)) return this.ahead.statements.get(text);
    return this.one('statement', key.user_id, key.period);
  }

  async account(userId: string): Promise<AccountRow | undefined> {
    if (this.ahead.accounts.has(userId)) return this.ahead.accounts.get(userId);
    return this.one('account', userId);
  }

  async sessionLogs(sessionId: string): Promise<readonly UsageLogRow[]> {
    const known = this.ahead.logs.get(sessionId);
    return known ?? this.all('sessionLogs', `${sessionId}~`, `${sessionId}~\u007f`);
  }

  sessionsFrom(from: number, userId?: string): Promise<readonly SessionOfUser[]> {
    return userId === undefined
      ? this.all('sessionsFrom', from)
      : this.all('userSessionsFrom', from, userId);
  }

  async sessionsSplitBy(period: string): Promise<readonly string[]> {
    const rows = await this.all<Pick<SessionRow, 'session_id'>>('sessionsSplitBy', period);
    return rows.map((row) => row.session_id);
  }

  merkleTile(level: number, number: number): Promise<MerkleTileRow | undefined> {
    return this.one('merkleTile', level, number);
  }

  marks(key: StatementKey): Promise<readonly MarkRow[]> {
    return this.all('marks', key.user_id, key.period);
  }

  stretch(
    key: StatementKey,
    from: LogPlace,
    until: LogPlace = LAST_PLACE,
  ): Promise<readonly RatedLogRow[]> {
    const places = [...placeValues(from), ...placeValues(until)];
    return this.all('stretch', key.user_id, key.period, ...places);
  }

  /**
   * Compares and sets the checkpoint. If two projectors are at one position, the second waits here, and is then
   * refused.
   */
  private async move(
    connection: Connection,
    { position, size, recorded_at, edge, agreement }: Checkpoint,
    expectedPosition: number,
  ): Promise<string> {
    const { rows } = await connection.query<{ version: string }>(
      `UPDATE checkpoints SET position = $1, size = $2, recorded_at = $3, edge = $4
       WHERE name = $5 AND position = $6 AND ($7::text IS NULL OR xmin::text = $7)
       RETURNING xmin::text AS version`,
      [
        position,
        size,
        recorded_at,
        edge.join(' '),
        BILLING,
        expectedPosition,
        this.version ?? null,
      ],
    );
    const moved = rows[0];
    if (moved === undefined) throw new CheckpointMovedError();
    if (agreement === this.agreement) return moved.version;
    await connection.query('UPDATE checkpoints SET agreement = $1 WHERE name = $2', [
      JSON.stringify(agreement),
      BILLING,
    ]);
    return moved.version;
  }

  private async one<R>(name: keyof typeof SELECT, ...values: unknown[]): Promise<R | undefined> {
    return (await this.all<R>(name, ...values))[0];
  }

  private all<R>(name: keyof typeof SELECT, ...values: unknown[]): Promise<R[]> {
    return this.onConnection(async (connection) => {
      return (await connection.query<R>(SELECT[name], values, name)).rows;
    });
  }

  private onConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.parts === undefined ? query(this.connections, work) : work(this.parts);
  }
}

/** Empties a table. TRUNCATE would make it look empty to snapshots that are already open. */
async function empty(connection: Connection, table: string): Promise<void> {
  const some = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} LIMIT ${DELETED_AT_ONCE}))`;
  for (;;) {
    const { rowCount } = await connection.query(some);
    if (rowCount < DELETED_AT_ONCE) return;
  }
}
