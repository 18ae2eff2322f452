import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

import { asOurs, PostgresUnavailableError } from '../postgres/errors';
import { clientConfig } from '../postgres/pool';
import { KEPT_SCHEMA } from '../postgres/kept-schema';

/** How often an instance says that it is there. */
const BEAT_MS = 1_000;
/** An instance that said nothing for so long hangs, by the database's clock: another one ends its connection. */
const HUNG_MS = 10_000;
/** For how long after a beat an instance may go by what its connection holds: less than {@link HUNG_MS}. */
const TRUST_MS = 7_000;
/** How long an answer may take: a connection that is silent for longer is given up. */
const ANSWER_MS = 4_000;
const RECONNECT_MS = 250;

const CHANNEL = 'minutebook';
const NAME = 'minutebook ';

/** A connection, from when it was made until it broke. */
interface Session {
  readonly id: string;
  readonly client: Client;
  /** When the last beat that was confirmed had been sent. */
  beatAt: number;
  /** What was asked last. */
  line: Promise<void>;
}

/**
 * That an instance is there, as the others see it: one connection of its own, on which its locks lie and on which it
 * hears what others say. The server lets go of the locks when the connection ends, so at once when the process dies; of an
 * instance that hangs, another one ends the connection. What is held is held by a session: it is gone with it.
 */
export class Presence {
  private current: Session | undefined;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private beating = false;
  private reported = false;
  private readonly lost = new Set<() => void>();
  private readonly heard = new Set<(notice: string) => void>();

  /** @param report is told when the connection is lost, and once where it can't be made. */
  constructor(
    private readonly connectionString: string,
    private readonly report: (error: unknown) => void,
  ) {
    this.timer = setTimeout(() => void this.turn(), 0);
  }

  /** The name of the connection there is; `undefined` while there is none. */
  get session(): string | undefined {
    return this.current?.id;
  }

  /** Whether what the session holds can still be gone by: the server has confirmed it a moment ago. */
  get trusted(): boolean {
    return this.current !== undefined && performance.now() - this.current.beatAt < TRUST_MS;
  }

  /** Calls back when the session is gone, and with it what it held. Answers how to stop it. */
  onLost(listener: () => void): () => void {
    this.lost.add(listener);
    return () => this.lost.delete(listener);
  }

  /** Calls back with what other instances {@link say}. Answers how to stop it. */
  onHeard(listener: (notice: string) => void): () => void {
    this.heard.add(listener);
    return () => this.heard.delete(listener);
  }

  /** Tells the other instances. */
  async say(notice: string): Promise<void> {
    await this.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.session} ${notice}`]);
  }

  /**
   * Asks the server on this connection. Nothing asked here may wait for a lock: it would keep the others from being heard.
   * @throws PostgresUnavailableError where there is no session; where the answer fails, there is none any more.
   */
  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const session = this.current;
    if (session === undefined) {
      throw new PostgresUnavailableError(new Error('the connection is lost'));
    }
    // One after the other: so is what each leaves behind on the connection.
    const answer = session.line.then(() => session.client.query<R>(text, values as unknown[]));
    session.line = answer.then(
      () => undefined,
      () => undefined,
    );
    try {
      return (await answer).rows;
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

  /** Makes the connection where there is none; else says that it is there, and looks after the others. */
  private async turn(): Promise<void> {
    try {
      if (this.current === undefined) await this.connect();
      else await this.beat(this.current);
    } catch (error) {
      if (!this.closed && !this.reported) this.report(asOurs(error));
      this.reported = true;
    }
    if (this.closed) return;
    const pause = this.current === undefined ? RECONNECT_MS : BEAT_MS;
    this.timer = setTimeout(() => void this.turn(), pause);
  }

  private async connect(): Promise<void> {
    const id = randomUUID();
    const client = new Client({
      ...clientConfig(this.connectionString, KEPT_SCHEMA),
      application_name: NAME + id,
      query_timeout: ANSWER_MS,
    });
    const session: Session = { id, client, beatAt: performance.now(), line: Promise.resolve() };
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
      throw error;
    }
    if (this.closed) await client.end().catch(() => undefined);
    else this.current = session;
    this.reported = false;
  }

  private async beat(session: Session): Promise<void> {
    if (this.beating) return;
    this.beating = true;
    try {
      const sentAt = performance.now();
      await this.query('UPDATE presences SET beat_at = clock_timestamp() WHERE id = $1', [
        session.id,
      ]);
      session.beatAt = sentAt;
      await this.endHung();
    } finally {
      this.beating = false;
    }
  }

  /** Ends the connections of instances that hang: what they hold is free for others then. */
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
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.turn(), 0);
  }

  private tell(notice: string): void {
    for (const listener of [...this.heard]) listener(notice);
  }
}
