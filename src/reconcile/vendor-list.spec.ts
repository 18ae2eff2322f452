import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { csvVendorLines, readJsonList } from './vendor-list';
import type { VendorLine } from './vendor-line';

describe('vendors’ lists', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-lists-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileOf = (text: string) => {
    const file = join(folder, 'list');
    writeFileSync(file, text);
    return file;
  };
  const csv = async (text: string) => {
    const lines: VendorLine[] = [];
    for await (const line of csvVendorLines(fileOf(text))) lines.push(line);
    return lines;
  };
  const json = async (body: unknown) => [
    ...(await readJsonList(fileOf(JSON.stringify(body)))).lines,
  ];

  it('are read as CSV, in any order of columns, cells empty or quoted', async () => {
    const text =
      '\ufeffduration_seconds,request_id,cost,currency,started_at\r\n61.5,"a,b",0.0043,USD,2026-10-05T10:00:00+08:00\r\n7,,,,\r\n';
    expect(await csv(text)).toEqual([
      {
        request_id: 'a,b',
        session_id: null,
        started_at: Date.parse('2026-10-05T02:00:00Z'),
        ns: 61_500_000_000,
        cost: '0.0043',
        currency: 'USD',
      },
      { request_id: null, session_id: null, started_at: null, ns: 7e9, cost: null, currency: null },
    ]);
  });

  it.each([
    ['request_id\na\n', 'invalid_body', '/lines'],
    ['duration_seconds,other\n1,2\n', 'invalid_body', '/lines'],
    ['duration_seconds\n1\nx\n', 'invalid_field', '/lines/1/duration_seconds'],
    ['duration_seconds,request_id\n,a\n', 'missing_field', '/lines/0/duration_seconds'],
    ['duration_seconds,started_at\n1,yesterday\n', 'invalid_field', '/lines/0/started_at'],
    ['duration_seconds,cost\n1,-1\n', 'invalid_field', '/lines/0/cost'],
    ['duration_seconds,request_id\n1,a\n1,a,b\n', 'invalid_body', '/lines/1'],
    ['duration_seconds\n"1\n', 'invalid_body', '/lines/0'],
  ])('are refused with a pointer: %j', async (text, code, pointer) => {
    await expect(csv(text)).rejects.toMatchObject({ code, more: { pointer } });
  });

  it('of Deepgram are read as its list of requests is documented; what failed was no usage', async () => {
    const requests = [
      {
        request_id: '7a1b',
        created: '2026-10-05T10:00:00.123456Z',
        path: '/v1/listen',
        api_key_id: 'k',
        response: {
          code: 200,
          completed: '2026-10-05T10:00:02Z',
          details: { usd: 0.0043, duration: 60.5, channels: 1 },
        },
      },
      { request_id: '8c2d', created: '2026-10-05T10:00:00Z', response: { code: 400, details: {} } },
      {
        request_id: '9e3f',
        created: '2026-10-06T10:00:00Z',
        response: { code: 200, details: { duration: 1e-7 } },
      },
    ];
    expect(await json({ page: 1, limit: 10, requests })).toEqual([
      {
        request_id: '7a1b',
        session_id: null,
        started_at: Date.parse('2026-10-05T10:00:00.123Z'),
        ns: 60_500_000_000,
        cost: '0.0043',
        currency: 'USD',
      },
      expect.objectContaining({ request_id: '9e3f', ns: 100, cost: null, currency: null }),
    ]);
  });

  it('of AssemblyAI are read as its list of transcripts is documented, with durations if they were added', async () => {
    const transcripts = [
      {
        id: 'b1',
        resource_url: 'https://api.assemblyai.com/v2/transcript/b1',
        status: 'completed',
        created: '2026-10-05T10:00:00.586965',
        completed: '2026-10-05T10:00:20.1',
        audio_url: 'https://example.com/a.mp3',
        error: null,
      },
      { id: 'b2', status: 'error', created: '2026-10-05T10:00:00' },
      { id: 'b3', status: 'completed', created: '2026-10-05T10:00:00Z', audio_duration: 281 },
    ];
    expect(await json({ page_details: { limit: 10 }, transcripts })).toEqual([
      expect.objectContaining({
        request_id: 'b1',
        started_at: Date.parse('2026-10-05T10:00:00.586Z'),
        ns: null,
      }),
      expect.objectContaining({ request_id: 'b3', ns: 281e9 }),
    ]);
  });

  it.each([
    [[], 'invalid_field', ''],
    [{}, 'missing_field', '/lines'],
    [{ lines: {} }, 'invalid_field', '/lines'],
    [{ lines: [7] }, 'invalid_field', '/lines/0'],
    [{ lines: [{ duration_seconds: 1, more: 1 }] }, 'unknown_field', '/lines/0/more'],
    [{ lines: [{ duration_seconds: '1', currency: 'usd' }] }, 'invalid_field', '/lines/0/currency'],
    [{ lines: [{ duration_seconds: true }] }, 'invalid_field', '/lines/0/duration_seconds'],
    [{ lines: [{ duration_seconds: 9e9 }] }, 'invalid_field', '/lines/0/duration_seconds'],
  ])('are refused with a pointer as JSON: %j', async (body, code, pointer) => {
    await expect(json(body)).rejects.toMatchObject({ code, more: { pointer } });
  });
});
