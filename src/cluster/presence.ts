import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

import { OneAtATime } from '../lib/one-at-a-time';
import { asOurs, asOursAtConnect, unavailable } from '../postgres/errors';
import { clientConfig } from '../postgres/pool';
import { KEPT_SCHEMA } from '../postgres/kept-schema';

/** How often an instance reports that it is alive. */
const BEAT_MS = 1_000;
/**
 * How long an instance may be silent, by the database's clock. After that it counts as hung, and another instance ends
 * its connection.
 */
const HUNG_MS = 10_000;
/** For how long after a beat an instance may trust its session's locks. Less than {@link HUNG_MS}. */
const TRUST_MS = 7_000;
/** How long an answer may take. A connection that is silent for longer is given up. */
const ANSWER_MS = 4_000;
const RECONNECT_MS = 250;

const CHANNEL = 'minutebook';
const NAME = 'minutebook ';

/** A connection, from when it is made until it breaks. */
interface Session {
  readonly id: string;
  readonly client: Client;
  /** When the last confirmed beat was sent. */
  beatAt: number;
  /** Runs one query at a time on the connection. */
  readonly queries: OneAtATime;
}

/**
 * Shows the other instances that this one is alive. It has a connection of its own, which holds its locks and receives
 * the others' notices. The server releases the locks when the connection ends: immediately, if the process dies. If an
 * instance hangs, another one ends its connection. Whatever is held belongs to a session, and is gone with it.
 */
export class Presence {
  private current: Session | undefined;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private turning = false;
  private reported = false;
  private readonly lost = new Set<() => void>();
  private readonly heard = new Set<(notice: string) => void>();

  /** @param report receives an error when the connection is lost, and one if it can't be made. */
  constructor(
    private readonly connectionString: string,
    private readonly report: (error: unknown) => void,
  ) {
    this.turnIn(0);
  }

  /** The name of the current connection; `undefined` while there is none. */
  get session(): string | undefined {
    return this.current?.id;
  }

  /** Whether the session's locks can be trusted, because the server has just confirmed the session. */
  get trusted(): boolean {
    return this.current !== undefined && performance.now() - this.current.beatAt < TRUST_MS;
  }

  /** Calls `listener` when the session is lost, with all that it held. Returns an unsubscribe function. */
  onLost(listener: () => void): () => void {
    this.lost.add(listener);
    return () => this.lost.delete(listener);
  }

  /** Calls `listener` with each notice that other instances send by {@link say}. Returns an unsubscribe function. */
  onHeard(listener: (notice: string) => void): () => void {
    this.heard.add(listener);
    return () => this.heard.delete(listener);
  }

  /** Sends a notice to the other instances. */
  async say(notice: string): Promise<void> {
    await this.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.session} ${notice}`]);
  }

  /**
   * Runs a query on this connection. The query must not wait for a lock, because that would block notices from others.
   * @throws PostgresUnavailableError if there is no session. If a query fails, the session is lost.
   */
  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const session = this.current;
    if (session === undefined) {
      throw unavailable(new Error('the connection is lost'));
    }
    try {
      const { rows } = await session.queries.run(() =>
        session.client.query<R>(text, values as unknown[]),
      );
      return rows;
    } catch (error) {
      this.drop(session, error);
      throw asOurs(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const session = this.current;
    this.current = undefined;
    for (const listener of [...this.lost]) listener();
    await session?.client.end().catch(() => undefined);
  }

  /** Makes the connection if there is none. Otherwise reports that this instance is alive, and checks on the others. */
  private async turn(): Promise<void> {
    this.turning = true;
    try {
      if (this.current === undefined) await this.connect();
      else await this.beat(this.current);
    } catch (error) {
      if (!this.closed && !this.reported) this.report(asOurs(error));
      this.reported = true;
    }
    this.turning = false;
    if (!this.closed) this.turnIn(this.current === undefined ? RECONNECT_MS : BEAT_MS);
  }

  /** Schedules the next turn, instead of one already scheduled: two turns at once might make two connections. */
  private turnIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.turn(), ms);
  }

  private async connect(): Promise<void> {
    const id = randomUUID();
    const client = new Client({
      ...clientConfig(this.connectionString, KEPT_SCHEMA),
      application_name: NAME + id,
      query_timeout: ANSWER_MS,
    });
    const session: Session = { id, client, beatAt: performance.now(), queries: new OneAtATime() };
    client.on('error', (error) => this.drop(session, error));
    client.on('end', () => this.drop(session, new Error('the server ended the connection')));
    client.on('notification', ({ payload = '' }) => {
      const from = payload.slice(0, id.length);
      if (from !== id) this.tell(payload.slice(id.length + 1));
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      await client.query('INSERT INTO presences (id, beat_at) VALUES ($1, clock_timestamp())', [
        id,
      ]);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw asOursAtConnect(error);
    }
    if (this.closed) await client.end().catch(() => undefined);
    else this.current = session;
    this.reported = false;
  }

  private async beat(session: Session): Promise<void> {
    const sentAt = performance.now();
    await this.query('UPDATE presences SET beat_at = clock_timestamp() WHERE id = $1', [
      session.id,
    ]);
    session.beatAt = sentAt;
    await this.endHung();
  }

  /** Ends the connections of hung instances, which frees what they hold. */
  private async endHung(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(a.pid) FROM presences p
       JOIN pg_stat_activity a ON a.application_name = $1 || p.id AND a.datname = current_database()
       WHERE p.beat_at < clock_timestamp() - $2 * interval '1 millisecond'`,
      [NAME, HUNG_MS],
    );
    await this.query(
      "DELETE FROM presences WHERE beat_at < clock_timestamp() - interval '1 minute'",
    );
  }

  private drop(session: Session, error: unknown): void {
    if (this.current !== session) return;
    this.current = undefined;
    this.report(asOurs(error));
    this.reported = true;
    void session.client.end().catch(() => undefined);
    for (const listener of [...this.lost]) listener();
    if (!this.turning) this.turnIn(0);
  }

  private tell(notice: string): void {
    for (const listener of [...this.heard]) listener(notice);
  }
}
