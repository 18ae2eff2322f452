import { pause } from '../lib/pause';
import type { Lease } from '../projections/lease';
import { LOCKS, PROJECTION_LOCK } from '../postgres/locks';
import type { Presence } from './presence';

/** How often an instance tries to take the lease, in milliseconds. */
const TRY_MS = 300;
const NAME = 'billing';
const AWAITED = 'awaited';
/** How long the holder remembers that a reader waits, and how often readers announce it. */
const AWAITED_MS = 2_000;
const SAY_MS = 1_000;

/**
 * The lease of the projection: an advisory lock on the instance's connection. It is free at once when the holder's
 * process is gone, and some seconds after the holder has begun to hang (`presence.ts`). A table shows people who holds
 * it, and how often it has changed hands.
 */
export class PostgresLease implements Lease {
  readonly shared = true;
  /** The session in which this instance took the lease. */
  private takenIn: string | undefined;
  private announced: number | undefined;
  private announcing = false;

  private saidAt = -Infinity;
  private awaitedUntil = -Infinity;

  constructor(private readonly presence: Presence) {
    presence.onHeard((notice) => {
      if (notice === AWAITED) this.awaitedUntil = performance.now() + AWAITED_MS;
    });
  }

  get isAwaited(): boolean {
    return performance.now() < this.awaitedUntil;
  }

  await(): void {
    const now = performance.now();
    if (this.held || now - this.saidAt < SAY_MS) return;
    this.saidAt = now;
    // If this notice is lost, the reader only waits a moment longer.
    this.presence.say(AWAITED).catch(() => undefined);
  }

  get held(): boolean {
    return this.takenIn !== undefined && this.takenIn === this.presence.session;
  }

  async take(signal: AbortSignal): Promise<void> {
    while (!this.held && !signal.aborted) {
      // Without a connection nothing can be taken. The connection comes back by itself.
      await this.tryToTake().catch(() => undefined);
      if (!this.held) await pause(TRY_MS, signal);
    }
  }

  async release(): Promise<void> {
    const { takenIn } = this;
    this.takenIn = undefined;
    if (takenIn === undefined || takenIn !== this.presence.session) return;
    const text = 'SELECT pg_advisory_unlock($1, $2)';
    // If the query fails, the session is gone, and the lock with it.
    await this.presence.query(text, [LOCKS, PROJECTION_LOCK]).catch(() => undefined);
  }

  onLost(listener: () => void): () => void {
    return this.presence.onLost(listener);
  }

  announce(position: number): void {
    this.announced = position;
    if (!this.announcing) void this.tellOthers();
  }

  onAnnounced(listener: (position: number) => void): () => void {
    return this.presence.onHeard((notice) => {
      const position = /^at (\d+)$/.exec(notice)?.[1];
      if (position !== undefined) listener(Number(position));
    });
  }

  private async tryToTake(): Promise<void> {
    const { session } = this.presence;
    if (session === undefined) return;
    const rows = await this.presence.query(
      `WITH lock AS MATERIALIZED (SELECT pg_try_advisory_lock($1, $2) AS taken)
       INSERT INTO leases (name, generation, holder, taken_at)
       SELECT $3, 1, $4, clock_timestamp() FROM lock WHERE taken
       ON CONFLICT (name) DO UPDATE SET generation = leases.generation + 1,
         holder = excluded.holder, taken_at = excluded.taken_at
       RETURNING generation`,
      [LOCKS, PROJECTION_LOCK, NAME, session],
    );
    if (rows.length > 0) this.takenIn = session;
  }

  /** Sends one notice at a time, with the newest position, which also serves readers who wait for an older position. */
  private async tellOthers(): Promise<void> {
    this.announcing = true;
    while (this.announced !== undefined) {
      const position = this.announced;
      this.announced = undefined;
      // An instance that misses the notice looks for itself a moment later.
      await this.presence.say(`at ${position}`).catch(() => undefined);
    }
    this.announcing = false;
  }
}
