import { eventually, pause } from './eventually';
import { Receiver, verified } from './receiver';
import { BATCH, completed } from './service';

const REACHED = 'minutebook.alert.reached';
const ADJUSTED = 'minutebook.adjustment.recorded';
const USERS_AT_ONCE = 10;
/** How long a request is repeated until it is answered: a start takes long on a busy machine. */
const PATIENCE_MS = 90_000;

type Send = (path: string, init: RequestInit) => Promise<Response>;

/** The counts over all receivers. */
export interface ToldOf {
  readonly happenings: number;
  /** How many messages should have arrived, and how many did. */
  readonly due: number;
  readonly received: number;
  readonly lost: number;
  /** The number of repeated messages. */
  readonly doubled: number;
}

/**
 * Usage of users who each reach an alert, and adjustments, with the receivers of their webhooks. Each request is
 * repeated until it is answered, whatever is killed in between.
 */
export class TellingLoad {
  private readonly receivers: Receiver[] = [];
  /** Errors of messages that a receiver should have rejected. */
  private readonly wrong: unknown[] = [];
  readonly users: readonly string[];
  private readonly time = new Date().toISOString();

  /** @param send sends a request to a service that is running at that time. */
  constructor(
    private readonly send: Send,
    users: number,
  ) {
    this.users = Array.from({ length: users }, (_, index) => `u-${index}`);
  }

  /** Makes an alert, and one webhook per receiver. @param answerMs how long each receiver takes to answer. */
  async prepare(answerMs: readonly number[]): Promise<void> {
    for (const ms of answerMs) {
      const receiver = await Receiver.start();
      const body = { url: receiver.url, types: [REACHED, ADJUSTED], name: `after ${ms} ms` };
      const made = await this.post('/v1/webhooks', 'application/json', body);
      const { secret } = JSON.parse(made) as { secret: string };
      receiver.behave = (_, response) => {
        // Verified on arrival, because an old signature is no longer accepted.
        try {
          verified(secret, receiver.received.at(-1)!);
        } catch (error) {
          this.wrong.push(error);
        }
        setTimeout(() => response.writeHead(204).end(), ms);
      };
      this.receivers.push(receiver);
    }
    const alert = { name: 'an alert', metric: 'billable_minutes', threshold: '10' };
    await this.post('/v1/alerts', 'application/json', alert);
  }

  /** Sends everything, some users at once. */
  async run(restMs: number): Promise<void> {
    for (let from = 0; from < this.users.length; from += USERS_AT_ONCE) {
      const users = this.users.slice(from, from + USERS_AT_ONCE);
      const events = users.flatMap((user_id) =>
        [0, 1].map(() => completed({ user_id, duration_seconds: 600 }, { time: this.time })),
      );
      await this.post('/v1/events', BATCH, events);
      const period = this.time.slice(0, 7);
      const adjustment = { user_id: users[0], period, amount_cents: 5, reason: 'a test' };
      await this.post('/v1/adjustments', 'application/json', adjustment, `key-${from}`);
      await pause(restMs);
    }
  }

  /**
   * Waits until each receiver has everything, and checks what arrived: nothing else, all signed, and each alert once.
   */
  async expectAllTold(): Promise<ToldOf> {
    const adjusted = this.users.length / USERS_AT_ONCE;
    const happenings = this.users.length + adjusted;
    const ids = (receiver: Receiver, type: string) =>
      new Set(receiver.of(type).map(({ id }) => id)).size;
    const isTold = (receiver: Receiver) =>
      ids(receiver, REACHED) >= this.users.length && ids(receiver, ADJUSTED) >= adjusted;
    const all = this.receivers;
    for (let tries = 0; tries < 3 && !all.every(isTold); tries += 1) {
      await eventually(() => all.every(isTold)).catch(() => undefined);
    }
    // Leaves time for messages that should not arrive.
    await pause(1_500);
    expect(this.wrong).toEqual([]);
    for (const receiver of all) {
      expect(ids(receiver, REACHED)).toBe(this.users.length);
      expect(ids(receiver, ADJUSTED)).toBe(adjusted);
      const told = receiver.of(REACHED).map(({ event }) => event.data['user_id']);
      expect(new Set(told)).toEqual(new Set(this.users));
    }
    const sum = (count: (receiver: Receiver) => number) =>
      all.reduce((total, receiver) => total + count(receiver), 0);
    const received = sum((receiver) => receiver.received.length);
    const once = sum((receiver) => new Set(receiver.received.map(({ id }) => id)).size);
    const due = happenings * all.length;
    return { happenings, due, received, lost: due - once, doubled: received - once };
  }

  async close(): Promise<void> {
    for (const receiver of this.receivers.splice(0)) await receiver.close();
  }

  /** Sends until it is answered; returns the body. */
  private async post(path: string, type: string, body: unknown, key = ''): Promise<string> {
    const headers = { 'content-type': type, ...(key === '' ? {} : { 'idempotency-key': key }) };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        const answer = await this.send(path, { ...init, signal: AbortSignal.timeout(10_000) });
        const said = await answer.text();
        if (answer.status < 300) return said;
      } catch {
        // The service is down, and takes a while to come back.
      }
      if (Date.now() > until) throw new Error(`${path} was not answered.`);
      await pause(20);
    }
  }
}
