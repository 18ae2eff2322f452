import { pause } from './eventually';
import type { Instances } from './instances';
import { BATCH, completed, type Answer } from './service';

/** How long a producer waits for an answer before it sends again. */
const PATIENCE_MS = 15_000;
const SECONDS = 60;
/** The number of batches after which a producer completes a session. */
const OPEN_TURNS = 5;
const STARTED = 'transcription.session.started';
const COMPLETED = 'transcription.session.completed';

type Event = ReturnType<typeof completed>;

let sessionNumber = 0;

/**
 * Producers that send sessions to several instances. Each repeats a batch until it is answered, every time at the next
 * instance. Keeps the answers, so that a lost or doubled event is noticed.
 */
export class Load {
  readonly sent: Event[] = [];
  /** The position that each event was answered with, by its id. */
  readonly acknowledged = new Map<string, string>();
  /** Answers that were not as expected. */
  readonly wrong: string[] = [];
  readonly statuses = new Map<number, number>();
  /** The longest time until a batch was answered, in milliseconds. */
  slowestMs = 0;
  /** The number of completed sessions. */
  completed = 0;
  private running = true;
  private readonly producers: Promise<void>[];

  constructor(
    private readonly instances: Instances,
    readonly user: string,
    { producers = 4, batch = 20, restMs = 0, time = '2026-10-05T10:00:00Z' } = {},
    private readonly urls = () => instances.urls,
  ) {
    this.producers = Array.from({ length: producers }, (_, producer) =>
      this.produce(producer, batch, restMs, time),
    );
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.producers);
  }

  /**
   * Sends everything once more: each event must be there already, at its answered position. Returns the last position.
   */
  async sendAgain(url: string): Promise<string> {
    let position = '0';
    for (let from = 0; from < this.sent.length; from += 1_000) {
      const events = this.sent.slice(from, from + 1_000);
      const answer = await post(this.instances, url, events);
      if (answer.body === undefined) throw new Error(`Answered with ${answer.status}.`);
      for (const { id, status, position: place } of answer.body.results) {
        if (status !== 'duplicate') this.wrong.push(`${id} was lost: it is now ${status}`);
        if (place !== this.acknowledged.get(id)) this.wrong.push(`${id} moved to ${place}`);
      }
      position = answer.body.position;
    }
    return position;
  }

  /** Expects every instance to have everything that was sent once, and a replay to give the rows that are served. */
  async expectAllCounted(instances: Instances): Promise<void> {
    const position = await this.sendAgain(instances.urls[0]!);
    expect(this.wrong).toEqual([]);
    const path = `/v1/users/${this.user}/usage-summary?period=2026-10`;
    for (const url of instances.urls) {
      expect(await instances.read(url, path, position)).toMatchObject(this.expected());
    }
    expect(await instances.cli('replay', '--json')).toMatchObject({ status: 0 });
  }

  /** What the user's summary must show for everything that was sent. */
  expected(): object {
    return {
      transcriptions: this.completed,
      billed_seconds: String(SECONDS * this.completed),
      usage_cost_cents: 3 * this.completed,
    };
  }

  /** Begins each session in one batch and completes it in a later one, so that another instance may have to read it. */
  private async produce(producer: number, size: number, restMs: number, time: string) {
    const begun: string[][] = [];
    for (let turn = producer; this.running; turn += 1) {
      const sessions = Array.from({ length: size }, () => `load-${(sessionNumber += 1)}`);
      begun.push(sessions);
      const ended = begun.length > OPEN_TURNS ? begun.shift()! : [];
      const events = [
        ...sessions.map((session) => this.event(session, STARTED, {}, time)),
        ...ended.map((session) =>
          this.event(session, COMPLETED, { duration_seconds: SECONDS }, time),
        ),
      ];
      this.sent.push(...events);
      this.completed += ended.length;
      await this.deliver(events, turn);
      if (restMs > 0) await pause(restMs);
    }
  }

  private event(session_id: string, type: string, more: object, time: string): Event {
    const data = { session_id, user_id: this.user, stt_provider: 'google', ...more };
    return completed({}, { time, type, data });
  }

  private async deliver(events: readonly Event[], turn: number): Promise<void> {
    const began = performance.now();
    for (let tries = 0; ; tries += 1) {
      const urls = this.urls();
      const { status, body } = await post(
        this.instances,
        urls[(turn + tries) % urls.length]!,
        events,
      );
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

/** Posts a batch. Status 0 means no answer. */
async function post(
  instances: Instances,
  url: string,
  events: readonly Event[],
): Promise<{ status: number; body?: Answer }> {
  try {
    const response = await instances.fetch(url, '/v1/events', {
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
