import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { BATCH, completed, STRUCTURED, TestService, type Answer } from '../support/service';

const MIB = 1024 * 1024;

/** Bodies of events that are compressed in transit. */
describe('a compressed body', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  const post = (encoding: string, body: Uint8Array, type = BATCH, path = '/v1/events') =>
    service.post<Answer & { code: string; detail: string }>(path, type, body, {
      'content-encoding': encoding,
    });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZip', gzipSync],
    ['deflate', deflateSync],
    ['identity', (text: string) => Buffer.from(text)],
  ])('is accepted in %s, in every mode and on both paths', async (encoding, compress) => {
    const events = Array.from({ length: 300 }, () => completed());
    const batch = await post(encoding, compress(JSON.stringify(events)));
    expect(batch.status).toBe(200);
    expect(batch.body.results).toHaveLength(300);
    const one = JSON.stringify(completed());
    expect((await post(encoding, compress(one), STRUCTURED)).status).toBe(201);
    expect((await post(encoding, compress(one), STRUCTURED)).body.results[0]!.status).toBe(
      'duplicate',
    );
    const again = await post(encoding, compress(`[${one}]`), BATCH, '/api/v1/events');
    expect(again.status).toBe(204);
  });

  it('is offered in Accept-Encoding by every answer to events', async () => {
    const plain = await service.one(completed());
    expect(plain.headers.get('accept-encoding')).toBe('gzip, deflate');
    const refused = await post('br', brotliCompressSync('[]'));
    expect(refused.headers.get('accept-encoding')).toBe('gzip, deflate');
  });

  it.each([
    ['br', brotliCompressSync('[]')],
    ['gzip, gzip', gzipSync(gzipSync('[]'))],
    ['constructor', Buffer.from('[]')],
  ])('is refused with the encoding %s', async (encoding, body) => {
    const { status, body: problem } = await post(encoding, body);
    expect([status, problem.code]).toEqual([415, 'unsupported_media_type']);
    expect(problem.detail).toContain('gzip');
  });

  it.each([
    ['gzip', 'not gzip at all', Buffer.from('[]')],
    ['gzip', 'cut short', gzipSync('[]').subarray(0, -3)],
    ['gzip', 'in another encoding', deflateSync('[]')],
    ['gzip', 'followed by something else', Buffer.concat([gzipSync('[]'), Buffer.from('[]')])],
    [
      'deflate',
      'followed by something else',
      Buffer.concat([deflateSync('[]'), Buffer.from('[]')]),
    ],
    ['deflate', 'without its header', deflateRawSync('[]')],
  ])('in %s, %s, is refused whole', async (encoding, _, body) => {
    const { status, body: problem } = await post(encoding, body);
    expect([status, problem.code]).toEqual([400, 'invalid_body']);
  });

  it('that is empty, or decompresses to nothing, counts as an empty body', async () => {
    for (const body of [gzipSync(''), Buffer.from('')]) {
      const { status, body: problem } = await post('gzip', body);
      expect([status, problem.code]).toEqual([400, 'invalid_json']);
    }
  });

  it('may decompress to 16 MiB and no more, whatever its compressed size', async () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify([completed()]);
      return gzipSync(text + ' '.repeat(bytes - text.length));
    };
    expect((await post('gzip', padded(16 * MIB))).status).toBe(200);
    const { status, body } = await post('gzip', padded(16 * MIB + 1));
    expect([status, body.code]).toEqual([413, 'body_too_large']);
  });

  it('that would decompress to a gigabyte is rejected long before it gets there', async () => {
    const part = gzipSync(Buffer.alloc(16 * MIB));
    const packed = Buffer.concat(Array.from({ length: 64 }, () => part));
    expect(packed.length).toBeLessThan(2 * MIB);
    const before = process.memoryUsage().rss;
    const answers = await Promise.all([post('gzip', packed), post('gzip', packed)]);
    expect(answers.map(({ status }) => status)).toEqual([413, 413]);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
  });
});
