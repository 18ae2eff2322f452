import { setImmediate as turn } from 'node:timers/promises';

import { OneAtATime } from '../lib/one-at-a-time';
import type { Deliveries } from './deliveries';
import type { Webhooks } from './webhooks';
import { counted, oneOrMany } from '../lib/counted';

/** The most new happenings before waiting deliveries are counted again. */
const MOST_UNSEEN = 1_000;
/** How often they are counted without new happenings, in milliseconds. */
const LOOK_MS = 60_000;

export interface BacklogParts {
  readonly webhooks: Pick<Webhooks, 'list' | 'turnOff'>;
  readonly deliveries: Pick<Deliveries, 'countWaiting'>;
  /** How many deliveries may wait for one webhook. */
  readonly most: number;
  /** Whether this instance is the one that sends. */
  readonly isOnDuty: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
  readonly report: (error: unknown) => void;
}

/** How many deliveries wait for a webhook. */
export interface WaitingFor {
  readonly webhook: string;
  /** Counted only up to a fifth above the limit. */
  readonly waiting: number;
  /** Whether the service turned it off. */
  readonly isOff: boolean;
}

/**
 * Limits how many deliveries wait for a webhook. A webhook at the limit is turned off, with a warning. Nothing more is
 * queued for it until somebody turns it on; waiting deliveries stay.
 */
export class Backlog {
  private readonly step: number;
  private unseen = 0;
  private seen: readonly WaitingFor[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = new OneAtATime();

  constructor(private readonly parts: BacklogParts) {
    this.step = Math.min(MOST_UNSEEN, Math.ceil(parts.most / 10));
  }

  /** The result of the last count; empty on an instance that does not send. */
  get waiting(): readonly WaitingFor[] {
    return this.seen;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
    void this.look();
  }

  /** Notes that happenings were kept. Counts again before too many are uncounted. */
  async kept(happenings: number): Promise<void> {
    this.unseen += happenings;
    if (this.unseen >= this.step) await this.look();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looks.idle();
  }

  private look(): Promise<void> {
    this.unseen = 0;
    return this.looks.run(() => this.lookAtAll()).catch(this.parts.report);
  }

  private async lookAtAll(): Promise<void> {
    const { webhooks, deliveries, most, isOnDuty } = this.parts;
    const before = new Map(this.seen.map((one) => [one.webhook, one.waiting]));
    const seen: WaitingFor[] = [];
    if (isOnDuty()) {
      for (const { id, enabled, offBecause } of await webhooks.list()) {
        const waiting = await deliveries.countWaiting(id, most + 2 * this.step);
        // A webhook that was turned on again, and whose queue is shrinking, stays on.
        const shrinks = waiting < (before.get(id) ?? 0);
        const isTooMuch = enabled && waiting >= most && !shrinks;
        if (isTooMuch) await this.turnOff(id);
        seen.push({ webhook: id, waiting, isOff: isTooMuch || offBecause !== null });
        await turn();
      }
    }
    this.seen = seen;
  }

  private async turnOff(id: string): Promise<void> {
    const { webhooks, most, now, warn } = this.parts;
    if (!(await webhooks.turnOff(id, 'too_many_waiting', now()))) return;
    warn(
      `The webhook ${id} was turned off: ${counted(most, 'delivery', 'deliveries')} ${oneOrMany(most, 'waits', 'wait')} for it (WEBHOOK_MOST_WAITING). They stay, and nothing more is queued. When its receiver is back, turn it on again (PATCH enabled: true). What happens until then is not reported.`,
    );
  }
}
