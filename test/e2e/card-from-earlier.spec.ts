import { completed, TestService } from '../support/service';

/** How far back a card that changes no log may begin: to the oldest open period with usage or waiting attempts. */
describe('a card with an earlier start', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await TestService.start({
      now: () => Date.parse('2026-10-20T00:00:00Z'),
      environment: {
        RATE_CARD_FILE: `${__dirname}/../fixtures/card-without-default.json`,
        PLANS_FILE: `${__dirname}/../fixtures/plan-with-a-minute.json`,
      },
    });
  });
  afterEach(() => service.close());

  const unrated = (month: string) =>
    service.one(completed({ stt_provider: 'other' }, { time: `${month}-10T00:00:00Z` }));
  const publish = (from: string) =>
    service.write('POST', '/v1/rate-cards', {
      currency: 'TWD',
      effective_from: `${from}T00:00:00Z`,
      prices: { google: { amount: '0.5' }, default: { amount: '1' } },
    });
  const refused = { status: 422, body: { code: 'effective_in_past', pointer: '/effective_from' } };

  it('prices what waits in an open period, even if something older waits in a closed one', async () => {
    await unrated('2026-07');
    await unrated('2026-08');
    const close = await service.write('POST', '/v1/billing-periods/2026-07/close', { force: true });
    expect(close.status).toBe(201);
    expect(await publish('2026-07-31')).toMatchObject(refused);
    expect((await publish('2026-08-01')).status).toBe(201);
  });

  it('does not begin in a period that has an adjustment and no usage', async () => {
    const order = { user_id: 'ann', period: '2026-07', amount_cents: 5, reason: 'x' };
    const adjustment = { ...order, new_user: true };
    expect((await service.write('POST', '/v1/adjustments', adjustment)).status).toBe(201);
    expect(await publish('2026-07-15')).toMatchObject(refused);
    await unrated('2026-09');
    expect(await publish('2026-08-31')).toMatchObject(refused);
    expect((await publish('2026-09-01')).status).toBe(201);
  });

  it('begins in the oldest open period with a log, if what waits is younger', async () => {
    await service.one(completed({}, { time: '2026-08-10T00:00:00Z' }));
    await unrated('2026-09');
    expect(await publish('2026-07-31')).toMatchObject(refused);
    expect((await publish('2026-08-01')).status).toBe(201);
  });

  it('does not begin if the minutes included for a log would go to what waits', async () => {
    await service.one(
      completed({ stt_provider: 'google', user_id: 'ann' }, { time: '2026-08-20T00:00:00Z' }),
    );
    await service.one(
      completed({ stt_provider: 'other', user_id: 'ann' }, { time: '2026-08-10T00:00:00Z' }),
    );
    expect(await publish('2026-08-01')).toMatchObject(refused);
    expect((await publish('2026-08-11')).status).toBe(201);
  });

  it('finds periods with only waiting attempts in the list of periods', async () => {
    await unrated('2026-07');
    const { body: sent } = await unrated('2026-09');
    const list = `/v1/billing-periods?at_least=${sent.position}`;
    expect((await service.get<{ items: object[] }>(list)).body.items).toMatchObject([
      { period: '2026-07', state: 'open' },
      { period: '2026-09', state: 'open' },
    ]);
  });
});
