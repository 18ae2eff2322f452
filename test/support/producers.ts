import { eventually } from './eventually';
import { completed, type HttpService } from './service';

/** Producers that send one batch after another and keep the answers. Every event is one minute long. */
export class Producers {
  readonly sent: Record<string, unknown>[] = [];
  /** The position that each event was acknowledged with, by its id. */
  readonly acknowledged = new Map<string, string>();
  private running = true;
  private readonly all: Promise<void[]>;

  constructor(
    private readonly service: HttpService,
    private readonly user: string,
    producers = 4,
  ) {
    this.all = Promise.all(Array.from({ length: producers }, () => this.produce()));
    // `stop` reports the error; until then it must not end the process.
    this.all.catch(() => undefined);
  }

  /** Stops the producers. @throws the failed expectation of a producer, if one saw a wrong answer. */
  async stop(): Promise<void> {
    this.running = false;
    await this.all;
  }

  /**
   * Expects every acknowledged event to be there once, at its position. Sends everything again, after which the summary
   * must be exact.
   */
  async expectEachOnce(): Promise<void> {
    const { sent, acknowledged, service } = this;
    expect(acknowledged.size).toBeGreaterThan(0);
    let position = '0';
    const places = new Map<string, string>();
    for (let from = 0; from < sent.length; from += 1_000) {
      const { status, body } = await service.batch(sent.slice(from, from + 1_000));
      expect(status).toBe(200);
      body.results.forEach((result) => places.set(result.id, result.position!));
      for (const { id, status: verdict } of body.results) {
        if (acknowledged.has(id)) expect(verdict).toBe('duplicate');
      }
      position = body.position;
    }
    for (const [id, place] of acknowledged) expect(places.get(id)).toBe(place);
    await this.expectSummary(service, position);
  }

  /** Expects the exact summary at a position, from any service on the ledger, once its read model is that far. */
  async expectSummary(service: HttpService, position: string): Promise<void> {
    const { sent, user } = this;
    const path = `/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`;
    let answer = await service.get(path);
    await eventually(async () => {
      if (answer.body['code'] === 'not_caught_up') answer = await service.get(path);
      return answer.body['code'] !== 'not_caught_up';
    });
    expect(answer.body).toMatchObject({
      transcriptions: sent.length,
      billed_seconds: String(60 * sent.length),
    });
  }

  private async produce(): Promise<void> {
    while (this.running) {
      const batch = Array.from({ length: 50 }, () =>
        completed({ user_id: this.user, duration_seconds: 60 }),
      );
      this.sent.push(...batch);
      const { status, headers, body } = await this.service.batch(batch);
      if (status === 503) {
        expect(headers.get('retry-after')).toBe('1');
        continue;
      }
      expect(status).toBe(200);
      for (const { id, status: verdict, position } of body.results) {
        expect(verdict).toBe('recorded');
        this.acknowledged.set(id, position!);
      }
    }
  }
}
