import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { completed, TestService, type Problem } from '../support/service';

const PATH = '/v1/audit/reconciliations';

interface Total {
  readonly count: number;
  readonly seconds: string;
  readonly cost: string | null;
}
interface Answer {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string } | null;
  readonly matched: Total;
  readonly only_vendor: Total;
  readonly only_ledger: Total;
  readonly duration_differs: Total;
  readonly repeated: Total;
  readonly items_url: string;
}
interface Items {
  readonly items: readonly Record<string, unknown>[];
  readonly next_cursor: string | null;
}

const bodies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('minutebook-body-'));

describe('reconciling with a vendor', () => {
  let service: TestService;
  let before: string[];
  beforeAll(async () => {
    before = bodies();
    service = await TestService.start();
    const log = (
      name: string,
      duration_seconds: number,
      more: object = {},
      time = '2026-10-05T10:00:00Z',
    ) =>
      completed(
        {
          session_id: `s-${name}`,
          stt_provider: 'deepgram',
          duration_seconds,
          provider_metadata: { request_id: `r-${name}`, other: { ids: [`o-${name}`, 7, 2 ** 53] } },
          ...more,
        },
        { time },
      );
    const { body } = await service.batch([
      log('a', 60),
      log('b', 120),
      log('c', 30, { provider_metadata: null }),
      log('d', 45, { provider_metadata: null }, '2026-10-06T10:00:00Z'),
      log('e', 600),
      log('other', 60, { stt_provider: 'google' }),
      log('month', 60, {}, '2026-09-05T10:00:00Z'),
    ]);
    await service.get(`/v1/users/ann/usage-summary?at_least=${body.position}`);
  });
  afterAll(() => service.close());

  const lines = [
    {
      request_id: 'r-a',
      started_at: '2026-10-05T09:59:00Z',
      duration_seconds: '60.5',
      cost: '0.01',
      currency: 'TWD',
    },
    {
      request_id: 'r-a',
      started_at: '2026-10-05T09:59:00Z',
      duration_seconds: '60.5',
      cost: '0.01',
      currency: 'TWD',
    },
    {
      request_id: 'r-b',
      started_at: '2026-10-05T09:59:00Z',
      duration_seconds: 180,
      cost: '0.03',
      currency: 'TWD',
    },
    {
      session_id: 's-c',
      started_at: '2026-10-05T09:59:00Z',
      duration_seconds: 30,
      cost: '0.005',
      currency: 'TWD',
    },
    { started_at: '2026-10-06T09:59:00Z', duration_seconds: 45, cost: '0.0075', currency: 'TWD' },
    {
      request_id: 'r-lost',
      started_at: '2026-10-07T09:59:00Z',
      duration_seconds: 90,
      cost: '0.02',
      currency: 'TWD',
    },
  ];
  const asked = { provider: 'Deepgram', period: '2026-10' };

  async function ended(answer: { status: number; body: Answer }): Promise<Answer> {
    expect([answer.status, answer.body]).toEqual([202, expect.anything()]);
    for (;;) {
      const { body } = await service.get<Answer>(`${PATH}/${answer.body.id}`);
      if (body.status === 'done' || body.status === 'failed') return body;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const json = (body: object) =>
    service.post<Answer>(PATH, 'application/json', JSON.stringify(body));
  const items = async ({ items_url }: Answer, query = '') =>
    (await service.get<Items>(`${items_url}${query}`)).body;

  it('finds what matches, is lost, differs or is listed twice, and what was earned', async () => {
    const result = await ended(await json({ ...asked, lines }));
    expect(result).toMatchObject({
      status: 'done',
      request: {
        provider: 'deepgram',
        period: '2026-10',
        match: '/request_id',
        tolerance_seconds: '1',
      },
      matched: { count: 3, seconds: '135.5', cost: '0.0225' },
      only_vendor: { count: 1, seconds: '90', cost: '0.02' },
      only_ledger: { count: 1, seconds: '600', cost: '0.3' },
      duration_differs: { count: 1, seconds: '180', cost: '0.03' },
      repeated: { count: 1, seconds: '60.5', cost: '0.01' },
      matched_by: { id: 2, session: 1, day_and_duration: 1 },
      vendor_seconds: '466',
      ledger_seconds: '855',
      vendor_cost: [{ currency: 'TWD', cost: '0.0825' }],
      billed_cost: [{ currency: 'TWD', cost: '0.45' }],
      margin: [{ currency: 'TWD', cost: '0.3675' }],
      position: expect.stringMatching(/^\d+$/) as unknown,
    });
    const days = (result as unknown as { by_day: { day: string; vendor_count: number }[] }).by_day;
    expect(days.map(({ day, vendor_count }) => [day, vendor_count])).toEqual([
      ['2026-10-05', 4],
      ['2026-10-06', 1],
      ['2026-10-07', 1],
    ]);
    const { items: lost } = await items(result, '?kind=only_vendor');
    expect(lost).toEqual([expect.objectContaining({ request_id: 'r-lost', usage_log_id: null })]);
    const { items: only } = await items(result, '?kind=only_ledger');
    expect(only).toEqual([
      expect.objectContaining({
        usage_log_id: 's-e~1',
        ledger_seconds: '600',
        duration_seconds: null,
      }),
    ]);
  });

  it('lists items page by page, and as CSV', async () => {
    const result = await ended(await json({ ...asked, lines }));
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await items(result, `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual((await items(result)).items);
    const csv = await service.fetch(`${result.items_url}?kind=repeated`, {
      headers: { accept: 'text/csv' },
    });
    const text = await csv.text();
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')).toEqual([
      expect.stringMatching(/^kind,matched_by,request_id,/),
      expect.stringMatching(/^repeated,,r-a,/),
      '',
    ]);
    const { body } = await service.get<Items>(PATH);
    expect(body.items[0]).toMatchObject({ id: result.id, status: 'done', matched: { count: 3 } });
  });

  it('accepts CSV, with the rest as parameters, and another pointer to the vendor’s id', async () => {
    const csv = 'request_id,duration_seconds\no-a,60\no-b,120\nr-e,600\n';
    const query = '?provider=deepgram&period=2026-10&match=/other/ids/0&tolerance_seconds=0';
    const answer = await service.post<Answer>(PATH + query, 'text/csv; charset=utf-8', csv);
    const result = await ended(answer);
    expect(result).toMatchObject({
      matched: { count: 2, cost: null },
      only_vendor: { count: 1 },
      only_ledger: { count: 3 },
    });
  });

  it.each([7, 2 ** 53])('takes a number such as %d for an id only if it is exact', async (id) => {
    const count = id === 7 ? 1 : 0;
    const query = `?provider=deepgram&period=2026-10&match=/other/ids/${2 - count}`;
    const csv = `request_id,duration_seconds\n${id},60\n`;
    const result = await ended(await service.post<Answer>(PATH + query, 'text/csv', csv));
    expect(result).toMatchObject({ matched_by: { id: count }, only_vendor: { count: 1 - count } });
  });

  it('accepts lists as vendors answer them, with their provider and period as parameters', async () => {
    const requests = [
      {
        request_id: 'r-a',
        created: '2026-10-05T09:59:00.123456Z',
        response: { code: 200, details: { usd: 0.01, duration: 60 } },
      },
    ];
    const result = await ended(await json({ ...asked, requests }));
    expect(result).toMatchObject({
      matched: { count: 1, cost: '0.01' },
      only_ledger: { count: 4 },
    });
  });

  it('accepts an empty list: every log is then only in the ledger', async () => {
    expect(await ended(await json({ ...asked, lines: [] }))).toMatchObject({
      only_ledger: { count: 5, seconds: '855' },
      vendor_seconds: '0',
    });
  });

  it.each([
    [{ period: '2026-10', lines: [] }, 422, 'missing_field', '/provider'],
    [{ ...asked, period: '2026', lines: [] }, 422, 'invalid_field', '/period'],
    [{ ...asked, match: 'request_id', lines: [] }, 422, 'invalid_field', '/match'],
    [{ ...asked, tolerance_seconds: '-1', lines: [] }, 422, 'invalid_field', '/tolerance_seconds'],
    [{ ...asked }, 422, 'missing_field', '/lines'],
    [{ ...asked, lines: [{ request_id: 'a' }] }, 422, 'missing_field', '/lines/0/duration_seconds'],
    [{ ...asked, lines: [], more: 1 }, 422, 'unknown_field', '/more'],
  ])('refuses %j', async (body, status, code, pointer) => {
    const answer = await service.post<Problem>(PATH, 'application/json', JSON.stringify(body));
    expect([answer.status, answer.body.code, answer.body.pointer]).toEqual([status, code, pointer]);
  });

  it('refuses what it cannot read, or whose provider or period is missing', async () => {
    const sent = async (type: string | undefined, body: string, query = '') => {
      const { status, body: answer } = await service.post<Problem>(PATH + query, type, body);
      return [status, answer.code, answer.pointer];
    };
    const of = '?provider=deepgram&period=2026-10';
    const [parameter, csv] = ['invalid_parameter', 'duration_seconds\n1\n'];
    expect(await sent('text/csv', csv)).toEqual([400, parameter, '/provider']);
    expect(await sent('text/csv', csv, `${of}&more=1`)).toEqual([400, parameter, '/more']);
    expect(await sent('text/csv', 'duration_seconds\nx\n', of)).toEqual([
      422,
      'invalid_field',
      '/lines/0/duration_seconds',
    ]);
    const empty = await sent('application/json', '{"lines":[]}', of);
    expect(empty).toEqual([400, parameter, '/provider']);
    expect(await sent('application/json', '{')).toEqual([400, 'invalid_json', undefined]);
    for (const type of [
      'application/xml',
      'text/csv; charset=utf-16',
      'application/json;charset=x',
    ]) {
      expect([type, ...(await sent(type, '{}', of))]).toEqual([
        type,
        415,
        'unsupported_media_type',
        undefined,
      ]);
    }
    expect((await service.get(`${PATH}/00000000-0000-0000-0000-000000000000`)).status).toBe(404);
  });

  it('is open to finance only, and private to its caller', async () => {
    const reader = service.as(service.keys.reader);
    const refused = await reader.post(
      PATH,
      'application/json',
      JSON.stringify({ ...asked, lines: [] }),
    );
    expect(refused.status).toBe(403);
    const made = await ended(await json({ ...asked, lines: [] }));
    const finance = service.as(service.keys.finance);
    expect((await finance.get(`${PATH}/${made.id}`)).status).toBe(404);
  });

  it('leaves no file behind after a refusal, and none at all after the service stops', async () => {
    const own = await TestService.start();
    const body = JSON.stringify({ ...asked, lines: [] });
    const answer = await own.post<Answer>(PATH, 'application/json', body);
    expect(answer.status).toBe(202);
    await own.post(PATH, 'application/json', '{"lines":[7]}');
    await own.close();
    await service.close();
    service = await TestService.start();
    expect(bodies().filter((name) => !before.includes(name))).toEqual([]);
    expect(existsSync(own.dataDir)).toBe(false);
  });

  it('sees everything that was recorded before it', async () => {
    const many = Array.from({ length: 4_000 }, (_, at) =>
      completed(
        {
          session_id: `many-${at}`,
          stt_provider: 'many',
          provider_metadata: { request_id: `m-${at}` },
        },
        { time: '2026-10-05T10:00:00Z' },
      ),
    );
    expect((await service.batch(many)).status).toBe(200);
    const list = many.map((_, at) => ({ request_id: `m-${at}`, duration_seconds: 90 }));
    const result = await ended(
      await json({ provider: 'many', period: '2026-10', lines: list.slice(-500) }),
    );
    expect(result).toMatchObject({ matched: { count: 500 }, only_vendor: { count: 0 } });
  });
});
