import type { EventStore, Position } from '../event-store/port';
import { isPositionIn } from '../kept/followed';
import { usersOfSession } from '../snapshots/users-past';
import type { Webhooks } from '../webhooks/webhooks';
import type { Alert } from './alert';
import type { Alerts } from './alerts';
import type { Evaluation } from './evaluation';
import { recordedIn } from './recorded';
import type { Told } from './told';

const PAGE = 1_000;
/** How soon the follower looks after the projection advances, and how often otherwise, in milliseconds. */
const SOON_MS = 100;
const LOOK_MS = 1_000;
/** How often the position is stored while there is nothing to report, in milliseconds. */
const KEEP_MS = 5_000;
/**
 * How often the follower looks for what changes with time alone, in milliseconds: attempts that wait, and plans that
 * come into force.
 */
const WAITING_MS = 60_000;
const EVERYONE_MS = 10 * 60_000;
/**
 * How long statements are still checked after their period has ended, in milliseconds: its last plan may have come into
 * force just before the end.
 */
const ENDED_MS = 60 * 60_000;

export interface FollowerParts {
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'head'>;
  readonly alerts: Pick<Alerts, 'list'>;
  readonly webhooks: Pick<Webhooks, 'list'>;
  readonly evaluation: Evaluation;
  readonly told: Told;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** The position that the read model has. */
  readonly projected: () => number;
  /** Whether this instance is the one that follows. */
  readonly isOnDuty: () => boolean;
  /** Called when there may be new deliveries to send. */
  readonly wakeSender: () => void;
  readonly report: (error: unknown) => void;
}

/**
 * Follows the projection. Keeps what webhooks are to report together with its deliveries, in one transaction for each
 * batch. Resumes from the stored position, and recognises by its key what it has already kept.
 */
export class Follower {
  /** `undefined` while this instance is not on duty. */
  private position: number | undefined;
  private kept = 0;
  private keptAt = -Infinity;
  /** The alerts that have been checked against all statements. */
  private looked = new Set<string>();
  private everyoneAt = -Infinity;
  private waitingAt = -Infinity;
  /** Whether attempts without a price are still to be looked for, because events were skipped. Also stored. */
  private hasSkipped = false;
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: FollowerParts) {}

  start(): void {
    this.timer = setInterval(() => this.run(), LOOK_MS);
    this.run();
  }

  /** Looks again soon: the projection advanced, or an alert was made. */
  wake(): void {
    if (this.stopping.signal.aborted) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.run();
    }, SOON_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.soon);
    this.stopping.abort();
    await this.running;
    if (this.position !== undefined && this.position > this.kept && this.kept > 0) {
      await this.parts.told.moveTo(this.position).catch(this.parts.report);
    }
  }

  private run(): void {
    this.again = true;
    this.running ??= this.loop().finally(() => (this.running = undefined));
  }

  private async loop(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      try {
        if (this.parts.isOnDuty()) await this.step();
        else this.position = undefined;
      } catch (error) {
        // The next look, within a second, starts from the same position.
        this.parts.report(error);
      }
    }
  }

  private async step(): Promise<void> {
    // Read the goal before the webhooks: an event recorded after a webhook was made is then beyond the goal, unless the
    // list already has the webhook.
    const goal = this.parts.projected();
    if (goal === 0) return;
    const alerts = await this.parts.alerts.list();
    const webhooks = await this.parts.webhooks.list();
    this.position ??= await this.begin(goal);
    // The read model is being filled anew, and shows what was long ago.
    if (goal < this.position) return;
    if (alerts.length === 0 && webhooks.length === 0) {
      this.position = Math.max(this.position, goal);
      if (this.kept > 0) await this.keepPlace(false);
      // A webhook that is made later is told only what happens later.
      if (this.hasSkipped) await this.noteLooked();
      return;
    }
    if (this.kept === 0) await this.keepPlace(true);
    await this.lookByTime(alerts);
    await this.follow(goal, alerts);
    if (this.hasSkipped) {
      await this.parts.evaluation.ofUnrated(this.stopping.signal);
      if (!this.stopping.signal.aborted) await this.noteLooked();
    }
    this.parts.wakeSender();
  }

  private async noteLooked(): Promise<void> {
    await this.parts.told.lookedForSkipped();
    this.hasSkipped = false;
  }

  /**
   * Returns the position from which to follow: the stored one, or the ledger's end if there is none in this store.
   * Forgets what this instance knew before.
   * @param goal where to begin if nothing was ever followed.
   */
  private async begin(goal: number): Promise<number> {
    this.parts.told.forget();
    this.looked = new Set();
    this.waitingAt = this.everyoneAt = -Infinity;
    const kept = await this.parts.told.position();
    this.kept = kept ?? 0;
    this.hasSkipped = await this.parts.told.hasSkipped();
    if (kept === undefined) return goal;
    // A ledger restored from a backup may end before the stored position, and in another store positions mean something
    // else. Receivers know the events that are there, or have forgotten their ids, so only later ones are followed.
    const { store, told } = this.parts;
    const head = await store.head();
    if (await isPositionIn(store, kept, head)) return kept;
    await told.skipTo(head);
    this.hasSkipped = true;
    return (this.kept = head);
  }

  private async follow(goal: number, alerts: readonly Alert[]): Promise<void> {
    while (this.position! < goal && !this.stopping.signal.aborted && this.parts.isOnDuty()) {
      const page = await this.parts.store.readAll(this.position as Position, PAGE);
      const events = page.filter(({ position }) => position <= goal);
      if (events.length === 0) break;
      const { happenings, users, sessions, voided, everyone, cards } = recordedIn(events);
      const told = await this.parts.told.keep(happenings);
      await this.parts.evaluation.ofSessions(sessions);
      if (everyone) {
        await this.parts.evaluation.ofEveryone(alerts, this.stopping.signal);
        // A card may leave out a provider that had a price.
        if (cards.size > 0) {
          await this.parts.evaluation.ofUnratedUnder(cards, this.stopping.signal);
        }
      } else {
        const former = await this.usersOfVoided(alerts, voided, goal);
        await this.parts.evaluation.ofUsers(alerts, new Set([...users, ...former]));
      }
      if (this.stopping.signal.aborted) break;
      this.position = events.at(-1)!.position;
      await this.keepPlace(told > 0);
    }
  }

  /**
   * Returns the users whose facts were voided. A void may raise what they owe: with less volume, a more expensive tier
   * may apply. The session may belong to somebody else by now, so they are read from its stream.
   */
  private async usersOfVoided(
    alerts: readonly Alert[],
    voided: ReadonlySet<string>,
    position: number,
  ): Promise<string[]> {
    const users: string[] = [];
    if (alerts.length === 0) return users;
    for (const session of voided) {
      users.push(...(await usersOfSession(this.parts.store, session, { position })));
    }
    return users;
  }

  private async lookByTime(alerts: readonly Alert[]): Promise<void> {
    const { evaluation } = this.parts;
    const now = performance.now();
    const fresh = alerts.filter(({ id }) => !this.looked.has(id));
    const isTime = fresh.length < alerts.length && now - this.everyoneAt >= EVERYONE_MS;
    if (fresh.length > 0) {
      await evaluation.ofEveryone(fresh, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      this.looked = new Set(alerts.map(({ id }) => id));
    }
    if (isTime) {
      await evaluation.ofEveryone(alerts, this.stopping.signal, this.parts.now() - ENDED_MS);
      if (this.stopping.signal.aborted) return;
      this.everyoneAt = now;
    }
    if (now - this.waitingAt < WAITING_MS) return;
    await evaluation.ofWaiting(this.stopping.signal);
    this.waitingAt = now;
  }

  private async keepPlace(now: boolean): Promise<void> {
    const { position } = this;
    if (position === undefined || position === this.kept) return;
    if (!now && performance.now() - this.keptAt < KEEP_MS) return;
    await this.parts.told.moveTo(position);
    this.kept = position;
    this.keptAt = performance.now();
  }
}
