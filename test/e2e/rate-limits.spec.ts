import { completed, TestService } from '../support/service';

describe('the rate limits', () => {
  let service: TestService;
  beforeAll(async () => {
    const environment = {
      RATE_LIMIT_READER: '5',
      RATE_LIMIT_COSTLY: '2',
      RATE_LIMIT_PRODUCER: '3',
    };
    service = await TestService.start({ environment });
  });
  afterAll(() => service.close());

  const statuses = async (times: number, path: string, key: string) => {
    const seen: number[] = [];
    for (let at = 0; at < times; at += 1) seen.push((await service.as(key).get(path)).status);
    return seen;
  };

  it('count what each key sends, and say when to try again', async () => {
    const { reader, finance } = service.keys;
    const path = '/v1/users/ann/usage-summary';
    expect(await statuses(6, path, reader)).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await service.fetch(path, { headers: { authorization: `Bearer ${reader}` } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: 'This key or token may send 5 requests a minute. Send the same request later.',
    });
    expect(await statuses(6, path, finance)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('count costly requests separately, whatever their outcome', async () => {
    const { finance } = service.keys;
    expect(await statuses(1, '/v1/reports/usage?period=2026-10', finance)).toEqual([200]);
    expect(await statuses(1, '/v1/users/ann/usage-summary?as_of=99999', finance)).toEqual([400]);
    expect(await statuses(1, '/v1/audit/leaks', finance)).toEqual([429]);
    const list = service.as(finance).post('/v1/audit/reconciliations', 'application/json', '{}');
    expect((await list).status).toBe(429);
    expect(await statuses(1, '/v1/users/ann/usage-summary', finance)).toEqual([200]);
  });

  it('end their windows in time, even if the clock is set back', async () => {
    const key = service.keys.admin;
    const costly = () => statuses(1, '/v1/audit/leaks', key);
    expect([await costly(), await costly(), await costly()]).toEqual([[200], [200], [429]]);
    const wall = Date.now() + 61_000 - 6 * 3_600_000;
    const mocks = [
      jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000),
      jest.spyOn(Date, 'now').mockReturnValue(wall),
    ];
    try {
      expect(await costly()).toEqual([200]);
    } finally {
      for (const mock of mocks) mock.mockRestore();
    }
  });

  it('apply to producers, but never to health', async () => {
    const posted: number[] = [];
    for (let at = 0; at < 4; at += 1) posted.push((await service.one(completed())).status);
    expect(posted).toEqual([201, 201, 201, 429]);
    for (let at = 0; at < 10; at += 1) {
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    }
  });
});
