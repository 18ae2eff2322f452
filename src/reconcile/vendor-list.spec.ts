import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../../test/support/eventually';
import { Problem } from '../http/problem';
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

  it('are closed again, whatever is wrong with them', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(join('/proc/self/fd', fd)).startsWith(folder);
        } catch {
          return false;
        }
      });
    const long = `duration_seconds\nnone\n${'7\n'.repeat(200_000)}`;
    await expect(csv(long)).rejects.toThrow('Line 2');
    await eventually(() => open().length === 0);
    const nowhere = csvVendorLines(join(folder, 'nowhere'));
    await expect(nowhere.next()).rejects.toThrow('ENOENT');
  });

  it('are read as CSV, with columns in any order, and cells empty or quoted', async () => {
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

  it('may end each line in another way, and keep line breaks in quoted cells', async () => {
    const read = async (text: string) => (await csv(text)).map((one) => [one.request_id, one.ns]);
    const [a, b] = [
      ['a', 1e9],
      ['b', 2e9],
    ];
    for (const [first, second] of [
      ['\n', '\r\n'],
      ['\r\n', '\n'],
      ['\r', '\n'],
      ['\n', '\r'],
      ['\r\r\n', '\n\r\n'],
    ] as const) {
      const text = `duration_seconds,request_id${first}1,a${second}2,b`;
      for (const end of ['', first, second]) expect(await read(text + end)).toEqual([a, b]);
    }
    const broken = `duration_seconds,request_id\r\n1,"a\n\r\r\nb"\n2,"b"\r\n`;
    expect(await read(broken)).toEqual([['a\n\r\r\nb', 1e9], b]);
  });

  it('are refused if a cell without quotes has a line break, whatever ends the other lines', async () => {
    await expect(csv(`${header}\na\rb,1\n`)).rejects.toMatchObject({
      code: 'invalid_body',
      more: { pointer: '/lines/0' },
    });
  });

  it('are read as JSON with or without a byte order mark', async () => {
    const list = JSON.stringify({ lines: [{ duration_seconds: '7' }] });
    for (const mark of ['', '\ufeff']) {
      const { lines } = await readJsonList(fileOf(`${mark}${list}`));
      expect([...lines]).toMatchObject([{ ns: 7e9 }]);
    }
    await expect(readJsonList(fileOf(`\ufeff\ufeff${list}`))).rejects.toMatchObject({
      code: 'invalid_json',
    });
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

  const row = (name: string, value: string) => `duration_seconds,${name}\n1,\n1,${value}\n`;
  const header = 'request_id,duration_seconds';
  it.each([
    ['semicolons', 'request_id;duration_seconds\na;1\n', /^Line 1 names a column "request_id;dur/],
    ['tabs', 'request_id\tduration_seconds\na\t1\n', /^Line 1 names a column "request_id\\tdur/],
    ['a column of another name', 'id,duration_seconds\na,1\n', /^Line 1 names a column "id"/],
    ['no duration', 'request_id,cost\na,1\n', /^Line 1 names no duration_seconds/],
    ['a column twice', `${header},request_id\na,1,b\n`, /^Line 1 names request_id twice/],
    ['no header', 'a,61.5\nb,2\n', /^Line 1 names a column "a"/],
    ['UTF-16', '\u0000r\u0000,', /^Line 1 names a column/],
    ['a negative duration', 'duration_seconds\n1\n-5\n', /^Line 3: duration_seconds must be a/],
    ['an infinite duration', 'duration_seconds\nInfinity\n', /^Line 2: duration_seconds must/],
    ['a huge one', 'duration_seconds\n1e300\n', /^Line 2: duration_seconds must be .* to 9000000/],
    ['a decimal comma', 'duration_seconds\n"1,5"\n', /^Line 2: duration_seconds must/],
    ['a hexadecimal one', 'duration_seconds\n0x10\n', /^Line 2: duration_seconds must/],
    ['an hour in clock form', 'duration_seconds\n01:00:00\n', /^Line 2: duration_seconds must/],
    ['a date without a time', row('started_at', '2026-10-05'), /^Line 3: started_at must be RFC/],
    ['a day before its month', row('started_at', '05.10.2026 10:00'), /^Line 3: started_at must/],
    ['a month before its day', row('started_at', '10/5/2026'), /^Line 3: started_at must/],
    ['a time without an offset', row('started_at', '2026-10-05T10:00:00'), /^Line 3: started_at/],
    ['a serial number of a day', row('started_at', '46300.5'), /^Line 3: started_at must/],
    ['a day that does not exist', row('started_at', '2026-02-30T00:00:00Z'), /^Line 3: started_at/],
    ['a negative cost', row('cost', '-0.01'), /^Line 3: cost must be a number/],
    ['a cost with its currency', row('cost', '$1'), /^Line 3: cost must/],
    ['a huge cost', row('cost', '1e16'), /^Line 3: cost must be .* up to 1000000000000000/],
    ['a cost with too many decimals', row('cost', '1e-300'), /^Line 3: cost must be .* 20 places/],
    ['a currency in small letters', row('currency', 'usd'), /^Line 3: currency must be three/],
    ['NUL', row('request_id', 'a\0b'), /^Line 3: request_id must be a string .* without NUL/],
    ['a long text', row('session_id', 'x'.repeat(513)), /^Line 3: session_id must be .* 512/],
    ['a long line', `${header}\n${'x'.repeat(10_000_000)},1\n`, /Max Record Size: .* at line 2/],
    ['a long header', 'x'.repeat(10_000_000), /Max Record Size: .* at line 1/],
    ['too few cells', `${header}\na,1\nb\n`, /Invalid Record Length: .* on line 3/],
    ['a quote that does not end', `${header}\na,1\n"b,1\n`, /Quote Not Closed: .* line 3/],
    ['a quote within', `${header}\na,1\nb"c"d,1\n`, /Invalid Opening Quote: .* at line 3/],
  ])('with %s are refused with a sentence that names line and column', async (_, text, said) => {
    const fault = (await csv(text).catch((error: unknown) => error)) as Problem;
    expect(fault).toBeInstanceOf(Problem);
    expect(fault.detail).toMatch(said);
    expect(fault.detail.length).toBeLessThan(400);
  });

  it('in another encoding are refused, because two ids could become equal', async () => {
    const file = fileOf('');
    writeFileSync(file, Buffer.from(`${header}\ncaf\xe9,1\n`, 'latin1'));
    const read = async () => {
      for await (const line of csvVendorLines(file)) void line;
    };
    await expect(read()).rejects.toMatchObject({ detail: 'Line 2: request_id is not UTF-8.' });
  });

  it('name the line of the file, even after empty lines and cells with line breaks', async () => {
    const text = `${header}\r\n\r\n"a\nb",1\r\n\r\nc,x\r\n`;
    const fault = (await csv(text).catch((error: unknown) => error)) as Problem;
    expect([fault.detail, fault.more.pointer]).toEqual([
      expect.stringMatching(/^Line 6: duration_seconds/),
      '/lines/1/duration_seconds',
    ]);
  });

  it('of Deepgram are read as its documentation says; failed requests are not usage', async () => {
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

  it('of AssemblyAI are read as its documentation says, with durations if they were added', async () => {
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
