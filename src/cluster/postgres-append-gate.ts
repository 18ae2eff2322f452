import { setTimeout as sleep } from 'node:timers/promises';

import { StoreError } from '../event-store/errors';
import { Backoff, type BackoffOptions } from '../lib/backoff';
import type { Alone, AppendGate } from '../ledger/append-gate';
import { APPEND_LOCK, LOCKS, WANTED_LOCK } from '../postgres/locks';
import type { Presence } from './presence';

/** How long facts wait while another instance has exclusive access, or until the connection comes back. */
const ENTER_MS = 10_000;
/** How long an instance that needs exclusive access waits for its connection to come back. */
const SESSION_MS = 3_000;
/** How long to wait for another instance to give up exclusive access. */
const TURN_MS = 10_000;
/** How long the others may take to finish their appends. */
const LEAVE_MS = 6_000;
const PAUSES: BackoffOptions = { firstMs: 4, mostMs: 15 };
/**
 * An instance that made the others wait leaves the gate to them for at least this long before it shuts them out again.
 * Longer than the pauses between their tries.
 */
const BREATH_MS = 40;

const WANTED = 'gate wanted';

/**
 * The gate: two advisory locks on the instance's connection. All instances that append share the second lock until one
 * of them needs exclusive access, so an append costs nothing extra. That instance takes the first lock exclusively,
 * announces it, and waits until the others have released the second. The others come back once the first lock is free.
 * No query waits on the server.
 */
export class PostgresAppendGate implements AppendGate {
  /** The session in which this instance shares the second lock; `undefined` while it does not. */
  private enteredIn: string | undefined;
  private wanted = false;
  private inside = 0;
  private stampAfter = 0;
  private entering: Promise<void> | undefined;
  /** The others have their turn until this time (on the clock of `performance.now()`). */
  private notAloneBefore = 0;

  constructor(private readonly presence: Presence) {
    presence.onHeard((notice) => {
      if (notice === WANTED) this.giveWay();
    });
    presence.onLost(() => (this.enteredIn = undefined));
  }

  async enter(): Promise<number> {
    if (!this.isIn()) {
      await (this.entering ??= this.goIn().finally(() => (this.entering = undefined)));
    }
    this.inside += 1;
    return this.stampAfter;
  }

  leave(): void {
    this.inside -= 1;
    if (this.wanted) this.giveWay();
  }

  async exclusively<T>(work: (alone: Alone) => Promise<T>): Promise<T> {
    await sleep(this.notAloneBefore - performance.now());
    const session = await this.trustedSession();
    const held: number[] = [];
    let asked = false;
    const lock = async (key: number) => {
      this.checkSession(session);
      if (!(await this.tryLock(key))) return false;
      held.push(key);
      return true;
    };
    try {
      await until(
        TURN_MS,
        () => lock(WANTED_LOCK),
        'Another instance has exclusive access to the ledger.',
      );
      if (!(await lock(APPEND_LOCK))) {
        asked = true;
        await this.ask(() => this.presence.say(WANTED));
        await until(
          LEAVE_MS,
          () => lock(APPEND_LOCK),
          'Another instance is still waiting for the event store, or hangs.',
        );
      }
      await this.readStampAfter();
      return await work(this.aloneIn(session));
    } finally {
      if (this.presence.session === session) await this.unlock(held);
      if (asked) this.notAloneBefore = performance.now() + BREATH_MS;
    }
  }

  private aloneIn(session: string): Alone {
    return {
      stampAfter: this.stampAfter,
      check: () => {
        this.checkSession(session);
        if (!this.presence.trusted) throw unavailable('PostgreSQL does not answer.');
      },
      settle: async (time) => {
        this.checkSession(session);
        await this.query('UPDATE append_gate SET stamp_after = greatest(stamp_after, $1)', [time]);
        this.stampAfter = Math.max(this.stampAfter, time);
      },
    };
  }

  private isIn(): boolean {
    const { session, trusted } = this.presence;
    return this.enteredIn !== undefined && this.enteredIn === session && trusted && !this.wanted;
  }

  private goIn(): Promise<void> {
    return until(
      ENTER_MS,
      () => this.tryToGoIn().catch(() => false),
      'Another instance is recording a write of finance, or PostgreSQL does not answer.',
    );
  }

  private async tryToGoIn(): Promise<boolean> {
    const { session, trusted } = this.presence;
    if (session === undefined || !trusted) return false;
    // Another instance waits for the appends that have begun here. New appends here let it go first.
    if (this.wanted && this.enteredIn !== undefined) return false;
    // This instance has given way to all announcements so far. One that arrives from here on is new, and sets `wanted`
    // again.
    this.wanted = false;
    if (this.enteredIn === undefined) {
      const [row] = await this.query<{ entered: boolean }>(
        `SELECT CASE WHEN pg_try_advisory_xact_lock_shared($1, $2)
           THEN pg_try_advisory_lock_shared($1, $3) ELSE false END AS entered`,
        [LOCKS, WANTED_LOCK, APPEND_LOCK],
      );
      if (!row!.entered || this.presence.session !== session) return false;
      this.enteredIn = session;
      // Nobody can settle a later time while this instance holds the lock, so one read is enough.
      await this.readStampAfter();
      if (this.wanted) this.giveWay();
    }
    return this.isIn();
  }

  /** Releases the second lock, or, while appends are under way here, leaves that to the last of them. */
  private giveWay(): void {
    this.wanted = true;
    if (this.inside > 0 || this.enteredIn === undefined) return;
    this.enteredIn = undefined;
    this.query('SELECT pg_advisory_unlock_shared($1, $2)', [LOCKS, APPEND_LOCK]).catch(
      () => undefined,
    );
  }

  private async tryLock(key: number): Promise<boolean> {
    const [row] = await this.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS locked',
      [LOCKS, key],
    );
    return row!.locked;
  }

  /** Releases locks. If that fails, the session is gone, and its locks with it. */
  private async unlock(held: readonly number[]): Promise<void> {
    try {
      for (const key of [...held].reverse()) {
        await this.query('SELECT pg_advisory_unlock($1, $2)', [LOCKS, key]);
      }
    } catch {
      return;
    }
  }

  private async readStampAfter(): Promise<void> {
    const [row] = await this.query<{ stamp_after: number }>('SELECT stamp_after FROM append_gate');
    this.stampAfter = Math.max(this.stampAfter, row!.stamp_after);
  }

  private async trustedSession(): Promise<string> {
    const isThere = () => Promise.resolve(this.presence.trusted);
    await until(SESSION_MS, isThere, 'PostgreSQL does not answer.');
    return this.presence.session!;
  }

  private checkSession(session: string): void {
    if (this.presence.session !== session) {
      throw unavailable('The connection to PostgreSQL was lost in the meantime.');
    }
  }

  private query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]> {
    return this.ask(() => this.presence.query<R>(text, values));
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw unavailable('PostgreSQL does not answer.', error);
    }
  }
}

/** Tries again and again, with growing pauses. @throws StoreError when the time is up. */
async function until(
  ms: number,
  attempt: () => Promise<boolean>,
  otherwise: string,
): Promise<void> {
  const end = performance.now() + ms;
  const backoff = new Backoff(PAUSES);
  while (!(await attempt())) {
    if (performance.now() >= end) throw unavailable(otherwise);
    await backoff.pause();
  }
}

function unavailable(why: string, cause?: unknown): StoreError {
  return new StoreError(
    'unavailable',
    `Nothing can be recorded now. ${why} Send the request again.`,
    {
      cause,
    },
  );
}
