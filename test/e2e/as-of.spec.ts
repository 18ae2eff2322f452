import { completed, TestService } from '../support/service';

describe('the answer as it was known then', () => {
  let service: TestService;
  let now = Date.parse('2026-10-20T00:00:00Z');
  const positions: string[] = [];
  const answers: unknown[] = [];
  const ask = (more: string) => service.get(`/v1/users/ann/usage-summary?period=2026-10${more}`);

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    for (let day = 1; day <= 5; day += 1) {
      const event = completed(
        { session_id: `s${day}`, user_id: 'ann' },
        { time: `2026-10-0${day}T10:00:00Z` },
      );
      const { body } = await service.one(event);
      positions.push(body.position);
      answers.push((await ask(`&at_least=${body.position}`)).body);
      now += 1_000;
    }
  });
  afterAll(() => service.close());

  it('is what was answered then, at every position', async () => {
    for (const [index, position] of positions.entries()) {
      expect((await ask(`&as_of=${position}`)).body).toEqual(answers[index]);
    }
  });

  it('is, of a time, the last event recorded at or before it', async () => {
    const at = async (time: string) => (await ask(`&as_of=${time}`)).body['transcriptions'];
    expect(await at('2026-10-20T00:00:00.000Z')).toBe(1);
    expect(await at('2026-10-20T00:00:00.999Z')).toBe(1);
    expect(await at('2026-10-20T00:00:01.000Z')).toBe(2);
    expect(await at('2026-10-20T08:00:04.500%2B08:00')).toBe(5);
  });

  it('is the same of logs, sessions, history, entitlement, trend, report, pending and lists', async () => {
    const as = `as_of=${positions[1]}`;
    const logs = await service.get<{ items: object[] }>(`/v1/users/ann/usage-logs?${as}`);
    expect(logs.body.items).toHaveLength(2);
    expect((await service.get(`/v1/usage-logs/s2~1?${as}`)).status).toBe(200);
    expect((await service.get(`/v1/usage-logs/s3~1?${as}`)).status).toBe(404);
    expect((await service.get(`/v1/sessions/s3?${as}`)).status).toBe(404);
    const history = await service.get<{ items: { transcriptions: number }[] }>(
      `/v1/users/ann/usage-history?${as}`,
    );
    expect(history.body.items[0]!.transcriptions).toBe(2);
    const entitlement = await service.get<{ limits: { used: string }[] }>(
      `/v1/users/ann/entitlement?${as}`,
    );
    expect(entitlement.body.limits[0]!.used).toBe('4');
    const report = await service.get<{ totals: { transcriptions: number }[] }>(
      `/v1/reports/usage?${as}`,
    );
    expect(report.body.totals[0]!.transcriptions).toBe(2);
    expect((await service.get(`/v1/audit/pending?${as}`)).status).toBe(200);
    expect((await service.get(`/v1/rate-cards?${as}`)).status).toBe(200);
  });

  it.each(['99', '2027-01-01T00:00:00Z', 'soon', '0', '2020-01-01T00:00:00Z'])(
    'refuses %s, which is ahead of the ledger, before it, or neither position nor time',
    async (asOf) => {
      expect(await ask(`&as_of=${asOf}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_parameter', pointer: '/as_of' },
      });
    },
  );
});
