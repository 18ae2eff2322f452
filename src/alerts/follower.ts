import type { EventStore, Position } from '../event-store/port';
import type { Webhooks } from '../webhooks/webhooks';
import type { Alert } from './alert';
import type { Alerts } from './alerts';
import type { Evaluation } from './evaluation';
import { recordedIn } from './recorded';
import type { Told } from './told';

const PAGE = 1_000;
/** How soon it looks after the projection went on, how often otherwise. */
const SOON_MS = 100;
const LOOK_MS = 1_000;
/** How often a place is kept at which there was nothing to tell. */
const KEEP_MS = 5_000;
/** How often what changes by time alone is looked for: what waits, and plans that come into force. */
const WAITING_MS = 60_000;
const EVERYONE_MS = 10 * 60_000;

export interface FollowerParts {
  readonly store: Pick<EventStore, 'readAll' | 'head'>;
  readonly alerts: Pick<Alerts, 'list'>;
  readonly webhooks: Pick<Webhooks, 'list'>;
  readonly evaluation: Evaluation;
  readonly told: Told;
  /** The position that the read model has. */
  readonly projected: () => number;
  /** Whether this instance is the one that follows. */
  readonly isOnDuty: () => boolean;
  /** Is called when something may have been kept that is to be sent. */
  readonly wakeSender: () => void;
  readonly report: (error: unknown) => void;
}

/**
 * Follows the projection, and keeps what webhooks are to be told, with what is to be sent, in one transaction each. It goes
 * on from the place that it kept; what it comes by again is known by its name.
 */
export class Follower {
  /** `undefined` while this instance is not on duty. */
  private position: number | undefined;
  private kept = 0;
  private keptAt = -Infinity;
  /** The alerts that all statements were looked at for. */
  private looked = new Set<string>();
  private everyoneAt = -Infinity;
  private waitingAt = -Infinity;
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

  /** The projection went on, or an alert was made. */
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
        // It looks again in a second, from the same place.
        this.parts.report(error);
      }
    }
  }

  private async step(): Promise<void> {
    // In this order: what is recorded after a webhook was made is behind this place if the webhook is not seen yet.
    const goal = this.parts.projected();
    if (goal === 0) return;
    const alerts = await this.parts.alerts.list();
    const webhooks = await this.parts.webhooks.list();
    this.position ??= await this.begin(goal);
    if (alerts.length === 0 && webhooks.length === 0) {
      this.position = Math.max(this.position, goal);
      if (this.kept > 0) await this.keepPlace(false);
      return;
    }
    if (this.kept === 0) await this.keepPlace(true);
    await this.lookByTime(alerts);
    await this.follow(goal, alerts);
    this.parts.wakeSender();
  }

  /** Where the instance before this one stood, and nothing of what that one knew. */
  private async begin(goal: number): Promise<number> {
    this.looked = new Set();
    this.waitingAt = this.everyoneAt = -Infinity;
    const kept = await this.parts.told.position();
    this.kept = kept ?? 0;
    if (kept === undefined) return goal;
    // A ledger that was restored from a backup ends before it: its next events are new.
    return kept > goal && kept > (await this.parts.store.head()) ? goal : kept;
  }

  private async follow(goal: number, alerts: readonly Alert[]): Promise<void> {
    while (this.position! < goal && !this.stopping.signal.aborted && this.parts.isOnDuty()) {
      const page = await this.parts.store.readAll(this.position as Position, PAGE);
      const events = page.filter(({ position }) => position <= goal);
      if (events.length === 0) break;
      const { happenings, users, sessions, everyone } = recordedIn(events);
      const told = await this.parts.told.keep(happenings);
      await this.parts.evaluation.ofSessions(sessions);
      if (everyone) await this.parts.evaluation.ofEveryone(alerts, this.stopping.signal);
      else await this.parts.evaluation.ofUsers(alerts, users);
      if (this.stopping.signal.aborted) break;
      this.position = events.at(-1)!.position;
      await this.keepPlace(told > 0);
    }
  }

  private async lookByTime(alerts: readonly Alert[]): Promise<void> {
    const { evaluation } = this.parts;
    const now = performance.now();
    const fresh = alerts.filter(({ id }) => !this.looked.has(id));
    const isTime = now - this.everyoneAt >= EVERYONE_MS;
    if (fresh.length > 0 || isTime) {
      await evaluation.ofEveryone(isTime ? alerts : fresh, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      this.looked = new Set(alerts.map(({ id }) => id));
      if (isTime) this.everyoneAt = now;
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
