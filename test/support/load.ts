import { pause } from './eventually';
import { BATCH, completed, type Answer } from './service';

/** How long a producer waits for an answer before it sends again. */
const PATIENCE_MS = 15_000;
const SECONDS = 60;

type Event = ReturnType<typeof completed>;

/**
 * Producers that send sessions to several instances, each batch until it is answered: it may be sent to one after the
 * other. Remembers what was answered, so that nothing may be lost or counted twice unseen.
 */
export class Load {
  readonly sent: Event[] = [];
  /** By event: the position that it was answered with. */
  readonly acknowledged = new Map<string, string>();
  /** What was answered otherwise than it should. */
  readonly wrong: string[] = [];
  readonly statuses = new Map<number, number>();
  /** The longest time that a batch took until it was answered, in milliseconds. */
  slowestMs = 0;
  private running = true;
  private readonly producers: Promise<void>[];

  constructor(
    private readonly urls: () => readonly string[],
    readonly user: string,
    { producers = 4, batch = 20, restMs = 0, time = '2026-10-05T10:00:00Z' } = {},
  ) {
    this.producers = Array.from({ length: producers }, (_, producer) =>
      this.produce(producer, batch, restMs, time),
    );
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.producers);
  }

  /** Sends everything once more: each event is there already, where it was said to be. Answers the last position. */
  async sendAgain(url: string): Promise<string> {
    let position = '0';
    for (let from = 0; from < this.sent.length; from += 1_000) {
      const events = this.sent.slice(from, from + 1_000);
      const answer = await post(url, events);
      if (answer.body === undefined) throw new Error(`Answered with ${answer.status}.`);
      for (const { id, status, position: place } of answer.body.results) {
        if (status !== 'duplicate') this.wrong.push(`${id} was lost: it is now ${status}`);
        if (place !== this.acknowledged.get(id)) this.wrong.push(`${id} moved to ${place}`);
      }
      position = answer.body.position;
    }
    return position;
  }

  /** What the user's summary must say of all that was sent. */
  expected(): object {
    const count = this.sent.length;
    return {
      transcriptions: count,
      billed_seconds: String(SECONDS * count),
      usage_cost_cents: 3 * count,
    };
  }

  private async produce(producer: number, size: number, restMs: number, time: string) {
    for (let turn = producer; this.running; turn += 1) {
      const events = Array.from({ length: size }, () =>
        completed({ user_id: this.user, duration_seconds: SECONDS }, { time }),
      );
      this.sent.push(...events);
      await this.deliver(events, turn);
      if (restMs > 0) await pause(restMs);
    }
  }

  private async deliver(events: readonly Event[], turn: number): Promise<void> {
    const began = performance.now();
    for (let tries = 0; ; tries += 1) {
      const urls = this.urls();
      const { status, body } = await post(urls[(turn + tries) % urls.length]!, events);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (status === 200 && body !== undefined) {
        for (const { id, status: verdict, position } of body.results) {
          if (verdict === 'rejected') this.wrong.push(`${id} was rejected`);
          this.acknowledged.set(id, position!);
        }
        this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
        return;
      }
      if (status !== 503 && status !== 0) this.wrong.push(`answered with ${status}`);
      await pause(20);
    }
  }
}

/** Status 0: no answer. */
async function post(
  url: string,
  events: readonly Event[],
): Promise<{ status: number; body?: Answer }> {
  try {
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': BATCH },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = (await response.json()) as Answer;
    return response.status === 200 ? { status: 200, body } : { status: response.status };
  } catch {
    return { status: 0 };
  }
}
