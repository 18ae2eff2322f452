import { gzipSync } from 'node:zlib';

import { completed, STRUCTURED, TestService } from '../support/service';

/** Fields, parameters and bodies as hostile or careless callers send them. */
describe('invalid input', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-10-20T00:00:00Z') });
  });
  afterAll(() => service.close());

  const PROTOTYPE = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'];
  const adjustment = { user_id: 'ann', period: '2026-10', amount_cents: 5, reason: 'x' };

  it.each([...PROTOTYPE, 'a/b~c'])('is refused: a body field named %s', async (name) => {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const bodies: [method: 'POST' | 'PUT', path: string, body: object][] = [
      ['POST', '/v1/adjustments', adjustment],
      ['PUT', '/v1/users/ann/plan', { plan: 'pro' }],
      ['PUT', '/v1/default-plan', { plan: 'pro' }],
      ['POST', '/v1/billing-periods/2026-09/close', {}],
    ];
    for (const [method, path, body] of bodies) {
      const sent = JSON.parse(
        JSON.stringify(body)
          .replace('{', `{${JSON.stringify(name)}:1,`)
          .replace(',}', '}'),
      ) as object;
      const refused = await service.write(method, path, sent);
      expect([path, refused]).toMatchObject([
        path,
        { status: 422, body: { code: 'unknown_field', pointer } },
      ]);
    }
  });

  it.each([...PROTOTYPE, 'nonsense', 'a/b~c'])(
    'is refused: a query parameter named %s',
    async (name) => {
      const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const query = `?${encodeURIComponent(name)}=1`;
      const expected = { status: 400, body: { code: 'invalid_parameter', pointer } };
      for (const path of [
        '/v1/users/ann/usage-summary',
        '/v1/plans',
        '/v1/users/ann/entitlement',
      ]) {
        expect(await service.get(path + query)).toMatchObject(expected);
      }
      expect(await service.write('POST', `/v1/adjustments${query}`, adjustment)).toMatchObject(
        expected,
      );
      expect(await service.write('PUT', `/v1/plans/odd${query}`, {})).toMatchObject(expected);
      for (const path of ['/v1/events', '/api/v1/events']) {
        const event = JSON.stringify(completed());
        expect(await service.post(path + query, STRUCTURED, event)).toMatchObject(expected);
      }
    },
  );

  it('changes nothing', async () => {
    const { body } = await service.get<{ position: string }>('/v1/users/ann/usage-summary');
    expect(body).toMatchObject({ adjustments_cents: 0, transcriptions: 0, plan: 'free' });
    expect(body.position).toBe((await service.get('/health/ready')).body['head']);
  });

  it("is answered by the service's own problem, not the router's, if a path cannot be decoded", async () => {
    for (const path of ['/v1/users/%zz/usage-summary', '/v1/usage-logs/%C3%28', '/%']) {
      const response = await service.fetch(path);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([path, response.status, await response.json()]).toMatchObject([
        path,
        400,
        { code: 'invalid_parameter', status: 400 },
      ]);
    }
  });

  it('is refused: an overlong id, which the answer does not repeat', async () => {
    const long = 'x'.repeat(3_000);
    const refused = await service.get(`/v1/users/${long}/usage-summary`);
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', pointer: '/user_id' },
    });
    const none = await service.get(`/v1/usage-logs/${long}`);
    expect(none).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const one of [refused, none]) expect(JSON.stringify(one.body)).not.toContain('xxxx');
  });

  it('is refused: a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip', 'idempotency-key': 'zip' };
    const body = gzipSync(JSON.stringify(adjustment));
    expect(await service.post('/v1/adjustments', 'application/json', body, headers)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
    const plain = { ...headers, 'content-encoding': 'deflate' };
    const text = JSON.stringify(adjustment);
    expect((await service.post('/v1/adjustments', 'application/json', text, plain)).status).toBe(
      415,
    );
  });

  it.each([
    ['reason', '\u{1f600}'.repeat(513)],
    ['reason', 'a\u0085'],
    ['reason', ''],
    ['reference', '\u{1f600}'.repeat(513)],
    ['reference', '\ud800'],
  ])('is refused: a %s that no event could hold', async (name, text) => {
    const refused = await service.write('POST', '/v1/adjustments', { ...adjustment, [name]: text });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_field', pointer: `/${name}` },
    });
  });

  it.each([
    '/v1/users/ann/usage-history?months=1e1',
    '/v1/users/ann/usage-history?months=0x3',
    '/v1/users/ann/usage-history?months=%201',
    '/v1/users/ann/usage-history?months=',
    '/v1/users/ann/usage-history?months=25',
    '/v1/plans?limit=1e1',
    '/v1/plans?limit=1.0',
    '/v1/plans?limit=501',
    '/v1/plans?limit=1&limit=2',
    '/v1/audit/root?size=1e0',
    '/v1/users/ann/entitlement?file_size_bytes=9007199254740992',
    '/v1/users/ann/entitlement?file_size_bytes=1e3',
    '/v1/users/ann/entitlement?export_format=',
    `/v1/users/ann/entitlement?export_format=${'x'.repeat(65)}`,
    '/v1/users/ann/entitlement?export_format=a%0Ab',
    '/v1/users/ann/usage-trend?from=9999-12-01T00:00:00Z&to=9999-12-31T23:59:59-01:00',
    '/v1/users/ann/usage-summary?period=1969-11',
  ])('is refused: %s', async (path) => {
    const name = [...new URL(path, service.service.url).searchParams.keys()].at(-1);
    expect(await service.get(path)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter', pointer: `/${name}` },
    });
  });

  it('does not mean an unknown export format: the answer is that it is not allowed', async () => {
    for (const format of ['docx', 'a b', 'ünï', '☃', 'x'.repeat(64)]) {
      const asked = `/v1/users/ann/entitlement?export_format=${encodeURIComponent(format)}`;
      expect((await service.get<{ limits: object[] }>(asked)).body).toMatchObject({
        allowed: false,
        limits: expect.arrayContaining([
          expect.objectContaining({ name: 'export_format', reason: 'format_not_in_plan' }),
        ]) as object[],
      });
    }
    // A plan without a limit on formats allows every well-formed one.
    await service.write('PUT', '/v1/plans/open', {});
    const { body } = await service.write('PUT', '/v1/users/open/plan', { plan: 'open' });
    const query = (format: string) =>
      new URLSearchParams({ export_format: format, at_least: String(body['position']) }).toString();
    const allowed = async (format: string) =>
      (await service.get(`/v1/users/open/entitlement?${query(format)}`)).body['allowed'];
    expect([await allowed('docx'), await allowed('a b')]).toEqual([true, false]);
  });
});

describe('the name of a plan', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-10-20T00:00:00Z') });
  });
  afterAll(() => service.close());

  it('is lower-cased on arrival, wherever it is named', async () => {
    const plan = { minutes: '5', export_formats: ['txt', 'srt'] };
    expect(await service.write('PUT', '/v1/plans/Team', plan)).toMatchObject({
      status: 201,
      body: { plan: 'team' },
    });
    const again = { minutes: '5.0', export_formats: ['SRT', 'txt', 'srt'] };
    expect(await service.write('PUT', '/v1/plans/TEAM', again)).toMatchObject({
      status: 200,
      body: { plan: 'team', export_formats: ['txt', 'srt'] },
    });
    const fewer = { minutes: '5', export_formats: ['txt'] };
    expect(await service.write('PUT', '/v1/plans/team', fewer)).toMatchObject({
      status: 409,
      body: { code: 'plan_exists' },
    });
    expect(await service.write('PUT', '/v1/users/ann/plan', { plan: 'tEam' })).toMatchObject({
      status: 201,
      body: { plan: 'team' },
    });
    expect(await service.write('PUT', '/v1/default-plan', { plan: 'Team' })).toMatchObject({
      status: 201,
      body: { plan: 'team' },
    });
  });
});

describe('the limits of time', () => {
  it('west of Greenwich: 1970 begins in a month of 1969, which can be read and closed', async () => {
    const service = await TestService.start({
      now: () => Date.parse('2026-10-20T00:00:00Z'),
      environment: { BILLING_TIME_ZONE: 'America/New_York' },
    });
    const { body } = await service.one(
      completed({ user_id: 'old', session_id: 'old' }, { time: '1970-01-01T00:00:00Z' }),
    );
    const path = `/v1/users/old/usage-summary?period=1969-12&at_least=${body.position}`;
    expect((await service.get(path)).body).toMatchObject({ transcriptions: 1, period: '1969-12' });
    const closed = await service.write('POST', '/v1/billing-periods/1969-12/close', {});
    expect(closed).toMatchObject({
      status: 201,
      body: { from: '1969-12-01T05:00:00.000Z', to: '1970-01-01T05:00:00.000Z' },
    });
    await service.close();
  });

  it('east of Greenwich: a plan or card cannot begin in a month beyond the year 9999', async () => {
    const service = await TestService.start({
      now: () => Date.parse('2026-10-20T00:00:00Z'),
      environment: { BILLING_TIME_ZONE: 'Asia/Taipei' },
    });
    for (const effective_from of ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-01:00']) {
      for (const path of ['/v1/users/ann/plan', '/v1/default-plan']) {
        const refused = await service.write('PUT', path, { plan: 'pro', effective_from });
        expect(refused).toMatchObject({
          status: 422,
          body: { code: 'invalid_field', pointer: '/effective_from' },
        });
      }
    }
    const card = {
      currency: 'USD',
      effective_from: '9999-12-31T23:59:59-01:00',
      prices: { default: { amount: '1' } },
    };
    expect(await service.write('POST', '/v1/rate-cards', card)).toMatchObject({
      status: 422,
      body: { code: 'invalid_rate_card', pointer: '/effective_from' },
    });
    await service.close();
  });
});
