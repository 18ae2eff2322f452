import { setTimeout as sleep } from 'node:timers/promises';

import { Backoff } from '../lib/backoff';
import { OneAtATime } from '../lib/one-at-a-time';
import { cloudEvent, happeningId, type Happening } from './happenings';
import type { Deliveries, DueDelivery, Tried } from './deliveries';
import type { Border } from './outgoing';
import { post, type Answer, type PostOptions } from './post';
import { LONGEST_ASKED, LONGEST_PLANNED, pauseAfter } from './schedule';
import { signatureHeaders } from './signature';
import { secretsAt, type Webhook } from './webhook';
import type { Webhooks } from './webhooks';

/** How many deliveries to one webhook run in parallel. A webhook that hangs does not hold up the others. */
const LANES = 4;
/** How often the sender looks for due deliveries, in milliseconds. */
const LOOK_MS = 1_000;
/** By how many milliseconds the clock must go back to count as set back. */
const SET_BACK_MS = 1_000;
/** How long results of tries are collected before they are written, in milliseconds. */
const GATHER_MS = 50;
/** How long the sender waits before it tries again to write results that it could not write. */
const NOTE_PAUSES = { firstMs: 500, mostMs: 30_000 };

export interface SenderParts {
  readonly webhooks: Pick<Webhooks, 'list'>;
  readonly deliveries: Pick<Deliveries, 'due' | 'note' | 'bringForward'>;
  readonly border: Border;
  /** Whether this instance is the one that sends. */
  readonly isOnDuty: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Receives failures that are not a receiver's fault. */
  readonly report: (error: unknown) => void;
}

/** Sends each webhook its due deliveries, some in parallel, and retries failed ones. */
export class Sender {
  private readonly underWay = new Set<string>();
  /** What ended since the last look began: that look may have read it as due before its result was written. */
  private readonly ended = new Set<string>();
  private readonly lanes = new Map<string, number>();
  private readonly sending = new Set<Promise<void>>();
  private tried: Tried[] = [];
  private readonly notes = new OneAtATime();
  private noting: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  /** When it last looked, in milliseconds since 1970; `undefined` if it never did. */
  private lookedAt: number | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly parts: SenderParts,
    private readonly options: Pick<PostOptions, 'answerMs'> = {},
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** Looks for deliveries that are due now. */
  look(): void {
    if (this.stopping.signal.aborted) return;
    this.again = true;
    this.looking ??= this.lookAll().finally(() => (this.looking = undefined));
  }

  /** Stops. Abandons the deliveries under way, which are due again at the next start. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.looking;
    await Promise.all(this.sending);
    await this.noting;
  }

  private async lookAll(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted && this.parts.isOnDuty()) {
      this.again = false;
      try {
        await this.followClock();
        for (const webhook of await this.parts.webhooks.list()) {
          if (webhook.enabled) await this.fill(webhook);
        }
      } catch (error) {
        this.parts.report(error);
      }
    }
  }

  /**
   * Brings deliveries forward if the clock was set back. At the first look that is not known: then only what must have
   * been scheduled while the clock was ahead.
   */
  private async followClock(): Promise<void> {
    const now = this.parts.now();
    const before = this.lookedAt;
    if (before === undefined) await this.parts.deliveries.bringForward(now, LONGEST_ASKED);
    else if (now < before - SET_BACK_MS) {
      await this.parts.deliveries.bringForward(now, LONGEST_PLANNED);
    }
    this.lookedAt = now;
  }

  /** Begins due deliveries to a webhook, as many as it has free lanes. */
  private async fill(webhook: Webhook): Promise<void> {
    const busy = this.lanes.get(webhook.id) ?? 0;
    if (busy >= LANES) return;
    this.ended.clear();
    // Deliveries under way still count as due.
    const due = await this.parts.deliveries.due(webhook.id, this.parts.now(), 2 * LANES);
    const isFree = ({ id }: DueDelivery) => !this.underWay.has(id) && !this.ended.has(id);
    const free = due.filter(isFree).slice(0, LANES - (this.lanes.get(webhook.id) ?? 0));
    if (this.stopping.signal.aborted || !this.parts.isOnDuty()) return;
    for (const delivery of free) this.begin(webhook, delivery);
  }

  private begin(webhook: Webhook, delivery: DueDelivery): void {
    this.underWay.add(delivery.id);
    this.lanes.set(webhook.id, (this.lanes.get(webhook.id) ?? 0) + 1);
    const sent = this.deliver(webhook, delivery).finally(() => {
      this.sending.delete(sent);
      this.underWay.delete(delivery.id);
      this.ended.add(delivery.id);
      const left = this.lanes.get(webhook.id)! - 1;
      if (left === 0) this.lanes.delete(webhook.id);
      else this.lanes.set(webhook.id, left);
      this.look();
    });
    this.sending.add(sent);
  }

  private async deliver(webhook: Webhook, delivery: DueDelivery): Promise<void> {
    const { happening_id, body } = delivery;
    const answer = await send(webhook, happening_id, body, this.parts, {
      ...this.options,
      signal: this.stopping.signal,
    });
    if (answer.status === null && this.stopping.signal.aborted) return;
    this.tried.push(outcomeOf(delivery, answer, this.parts.now()));
    // The delivery stays under way until its result is written, so that it is not sent twice.
    await this.noteSoon();
  }

  private noteSoon(): Promise<void> {
    if (this.tried.length === 1) {
      this.noting = this.notes.run(async () => {
        if (!this.stopping.signal.aborted) await sleep(GATHER_MS);
        const all = this.tried.splice(0);
        await this.note(all);
      });
    }
    return this.noting;
  }

  /**
   * Writes the results of tries. While that fails, their deliveries stay under way, or they would be sent again and
   * again. At a stop, it gives up, and they are sent once more: each is sent at least once.
   */
  private async note(all: readonly Tried[]): Promise<void> {
    const backoff = new Backoff(NOTE_PAUSES);
    for (;;) {
      try {
        return await this.parts.deliveries.note(all);
      } catch (error) {
        this.parts.report(error);
        if (this.stopping.signal.aborted) return;
        await backoff.pause(this.stopping.signal);
      }
    }
  }
}

function outcomeOf(delivery: DueDelivery, answer: Answer, now: number): Tried {
  const tried = {
    id: delivery.id,
    wasDueAt: delivery.next_try_at!,
    triesBefore: delivery.tries,
    lastStatus: answer.status,
    lastError: answer.error,
  };
  if (answer.error === null) return { ...tried, status: 'delivered', nextTryAt: null };
  const pause = pauseAfter(delivery.step, answer.retryAfterMs);
  if (pause === undefined) return { ...tried, status: 'failed', nextTryAt: null };
  return { ...tried, status: 'waiting', nextTryAt: now + pause };
}

/** Sends a happening to a webhook now, without retries. */
export function sendOnce(
  webhook: Webhook,
  ledgerId: string,
  happening: Happening,
  parts: Pick<SenderParts, 'border' | 'now'>,
): Promise<Answer> {
  const body = cloudEvent(ledgerId, happening);
  return send(webhook, happeningId(happening), body, parts, { wantsBody: true });
}

function send(
  webhook: Webhook,
  id: string,
  body: string,
  { border, now }: Pick<SenderParts, 'border' | 'now'>,
  options: PostOptions,
): Promise<Answer> {
  const at = now();
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Minutebook',
    ...signatureHeaders(id, body, secretsAt(webhook, at), at),
  };
  return post({ url: webhook.url, headers, body }, border, options);
}
