import { createHash } from 'node:crypto';

import { completed, TestService } from '../support/service';

describe('an answer as of the past', () => {
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

  it('for a time, is that of the last event recorded at or before it', async () => {
    const at = async (time: string) => (await ask(`&as_of=${time}`)).body['transcriptions'];
    expect(await at('2026-10-20T00:00:00.000Z')).toBe(1);
    expect(await at('2026-10-20T00:00:00.999Z')).toBe(1);
    expect(await at('2026-10-20T00:00:01.000Z')).toBe(2);
    expect(await at('2026-10-20T08:00:04.500%2B08:00')).toBe(5);
  });

  it('for a recorded time, is the same though the clock was set back since', async () => {
    now -= 60_000;
    try {
      const { status, body } = await ask('&as_of=2026-10-20T00:00:04.000Z');
      expect([status, body['transcriptions']]).toEqual([200, 5]);
      expect((await ask('&as_of=2026-10-20T00:00:04.001Z')).status).toBe(400);
    } finally {
      now += 60_000;
    }
  });

  it('is available for logs, sessions, history, entitlement, report, pending and lists too', async () => {
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
    'refuses %s, which is ahead of the ledger, before it, or neither a position nor a time',
    async (asOf) => {
      expect(await ask(`&as_of=${asOf}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_parameter', pointer: '/as_of' },
      });
    },
  );

  it('is the same every time, byte for byte, with the digest of its bytes as ETag', async () => {
    const paths = [
      '/v1/users/ann/usage-summary?period=2026-10',
      '/v1/users/ann/usage-history?months=2',
      '/v1/users/ann/usage-trend?from=2026-10-01T00:00:00Z&to=2026-10-09T00:00:00Z',
      '/v1/users/ann/usage-logs?limit=1',
      '/v1/users/ann/entitlement?minutes=5',
      '/v1/usage-logs/s2~1?',
      '/v1/sessions/s2?',
      '/v1/audit/pending?',
      '/v1/reports/usage?period=2026-10',
    ];
    const first: { etag: string; text: string }[] = [];
    for (const path of paths) first.push(await tagged(`${path}&as_of=${positions[2]}`));
    // Two other positions push the first out of the cache, and one more event moves the ledger on.
    now += 60_000;
    const { body } = await service.one(
      completed({ session_id: 's1', user_id: 'ann', attempt: 2 }, { time: '2026-10-06T10:00:00Z' }),
    );
    await ask(`&at_least=${body.position}`);
    for (const position of positions.slice(0, 2)) await ask(`&as_of=${position}`);
    for (const [index, path] of paths.entries()) {
      const again = await tagged(`${path}&as_of=${positions[2]}`);
      expect([path, again]).toEqual([path, first[index]]);
      const digest = createHash('sha256').update(again.text).digest('base64url');
      expect(again.etag).toBe(`"sha256-${digest}"`);
    }
  });

  it('is not sent again to a client that has it', async () => {
    const path = `/v1/users/ann/usage-summary?period=2026-10&as_of=${positions[1]}`;
    const { etag } = await tagged(path);
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await service.fetch(path, {
        headers: { 'if-none-match': header },
      });
      expect([header, response.status, await response.text()]).toEqual([header, 304, '']);
      expect(response.headers.get('etag')).toBe(etag);
    }
    const other = await service.fetch(path, {
      headers: { 'if-none-match': '"other"' },
    });
    expect(other.status).toBe(200);
  });

  it('has no ETag if it is live or a refusal', async () => {
    for (const path of ['/v1/users/ann/usage-summary', '/v1/users/ann/usage-summary?as_of=99']) {
      const response = await service.fetch(path);
      await response.text();
      expect(response.headers.get('etag')).toBeNull();
    }
  });

  const tagged = async (path: string) => {
    const response = await service.fetch(path);
    expect([path, response.status]).toEqual([path, 200]);
    return { etag: response.headers.get('etag')!, text: await response.text() };
  };
});
