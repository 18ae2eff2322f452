import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { completed, TestService } from '../support/service';

interface Explained {
  readonly billing_reason: string;
  readonly explanation: {
    readonly events: readonly object[];
    readonly events_complete: boolean;
    readonly steps: readonly { step: string; text: string }[];
  };
}

/** The sentences of an explanation give all that a person needs to redo a charge with a calculator. */
describe('the sentences of an explanation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-card-'));
  let service: TestService;
  beforeAll(async () => {
    const tiers = [
      { up_to_minutes: '2', amount: '1', flat_amount: '0.5' },
      { up_to_minutes: null, amount: '0.5', flat_amount: '0.25' },
    ];
    const card = {
      currency: 'USD',
      effective_from: '1970-01-01T00:00:00Z',
      prices: {
        down: {
          amount: '0.1',
          increment_seconds: 10,
          increment_rounding: 'down',
          minimum_seconds: 15,
          extra_increments: 1,
          channels: 'pairs',
        },
        graduated: { tiers },
        volume: { tier_mode: 'volume', tiers },
      },
    };
    writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
    service = await TestService.start({
      now: () => Date.parse('2026-10-20T00:00:00Z'),
      environment: { RATE_CARD_FILE: join(folder, 'card.json') },
    });
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const explained = async (id: string, position: string) => {
    const path = `/v1/usage-logs/${id}?at_least=${position}`;
    const { body } = await service.get<Explained>(path);
    const { steps } = body.explanation;
    return { ...body, texts: Object.fromEntries(steps.map(({ step, text }) => [step, text])) };
  };
  const log = (user_id: string, session_id: string, day: string, data: object) =>
    completed({ user_id, session_id, ...data }, { time: `2026-10-${day}T00:00:00Z` });

  it('say how the minimum holds when seconds are rounded down, and how channels pair up', async () => {
    const data = { stt_provider: 'down', duration_seconds: 12, channels: 3 };
    const { body } = await service.one(log('ann', 'd', '01', data));
    // 12 is raised to 15, rounded down to 10, but not below 15; 15 + 10 = 25, twice.
    expect((await explained('d~1', body.position)).texts['quantity']).toBe(
      '12 s, at least 15 s, rounded down to whole increments of 10 s but not below 15 s, plus 1 more increment of 10 s, times 2 for 3 channels, two counting as one: 50 s are billed.',
    );
  });

  it("name the period's total and the tier that it reaches, for volume tiers", async () => {
    const of = (seconds: number) => ({ stt_provider: 'volume', duration_seconds: seconds });
    const first = await service.one(log('bob', 'v1', '01', of(90)));
    expect((await explained('v1~1', first.body.position)).texts['price']).toBe(
      `Under the price "volume", after 0 s charged before in the period, all at the price of the tier that the period's total of 90 s reaches (the tier up to 120 s): 90 s at 1 USD for each 60 s and, once a period, 0.5 USD.`,
    );
    const { body } = await service.one(log('bob', 'v2', '02', of(31)));
    const { texts } = await explained('v1~1', body.position);
    expect(texts['price']).toBe(
      `Under the price "volume", after 0 s charged before in the period, all at the price of the tier that the period's total of 121 s reaches (the tier above 120 s): 90 s at 0.5 USD for each 60 s and, once a period, 0.25 USD.`,
    );
    expect(texts['cost']).toContain('(90 × 0.5) × 1 / 60 + 0.25 = 1 USD');
    const second = (await explained('v2~1', body.position)).texts;
    expect(second['cents']).toBe(
      "The statement's total was 1 and is 1.258333333333 USD with this log, which is 126 cents (half_up); it was 100 before, so this log adds 26.",
    );
  });

  it('name the tier of each second, for graduated tiers', async () => {
    const data = { stt_provider: 'graduated', duration_seconds: 150 };
    const { body } = await service.one(log('cal', 'g', '01', data));
    expect((await explained('g~1', body.position)).texts['price']).toBe(
      'Under the price "graduated", after 0 s charged before in the period: 120 s at 1 USD for each 60 s (the tier up to 120 s) and, once a period, 0.5 USD; 30 s at 0.5 USD for each 60 s (the tier above 120 s) and, once a period, 0.25 USD.',
    );
  });

  it('say of a free original that a later attempt was charged in a closed period', async () => {
    const time = (minute: string) => ({ time: `2026-09-05T00:${minute}:00Z` });
    const data = { user_id: 'dan', session_id: 'f', stt_provider: 'graduated' };
    await service.batch([
      {
        ...completed({}, time('01')),
        type: 'transcription.session.retried',
        data: { user_id: 'dan', session_id: 'f', attempt: 2 },
      },
      completed({ ...data, attempt: 2, duration_seconds: 60 }, time('02')),
    ]);
    expect((await service.write('POST', '/v1/billing-periods/2026-09/close', {})).status).toBe(201);
    const { body } = await service.one(completed({ ...data, duration_seconds: 60 }, time('03')));
    const { billing_reason, texts } = await explained('f~1', body.position);
    expect(billing_reason).toBe('retry_after_failure_free');
    expect(texts).toEqual({
      cost: 'A later attempt was billed as the first success of the session, in a period that is closed: one success, one charge, so this attempt is free.',
    });
  });

  it('say if the session has more events than an answer holds', async () => {
    const large = Object.fromEntries(
      Array.from({ length: 900 }, (_, at) => [`large${at}`, 'x'.repeat(1_000)]),
    );
    const days = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'];
    const data = { stt_provider: 'graduated', duration_seconds: 60 };
    const facts = days.map((day, at) => ({
      ...log('eve', 'large', day, { ...data, attempt: at + 1 }),
      ...large,
    }));
    const first = await service.one(facts[0]!);
    const { explanation } = await explained('large~1', first.body.position);
    expect(explanation).toMatchObject({ events: [{}], events_complete: true });
    let position = '';
    for (const fact of facts.slice(1)) ({ position } = (await service.one(fact)).body);
    const cut = (await explained('large~1', position)).explanation;
    expect(cut.events_complete).toBe(false);
    expect(cut.events.length).toBeGreaterThan(5);
    expect(cut.events.length).toBeLessThan(10);
  });
});
