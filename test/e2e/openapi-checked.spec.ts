import { askEverything, EXAMPLES_NOW } from '../support/api-calls';
import { ExampleRecorder } from '../support/api-examples';
import { ApiCheck } from '../support/api-check';
import { CheckingProxy } from '../support/checking-proxy';
import { Receiver } from '../support/receiver';
import { HttpService, TestService } from '../support/service';

describe('every operation of the OpenAPI document, through a checking proxy', () => {
  let service: TestService;
  let receiver: Receiver;
  let proxy: CheckingProxy;

  beforeAll(async () => {
    receiver = await Receiver.start();
    service = await TestService.start({
      now: () => EXAMPLES_NOW,
      environment: { WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    proxy = await CheckingProxy.before(service.url);
    const say = new ExampleRecorder(new HttpService(proxy.url, service.keys));
    await askEverything(say, receiver.url, service.keys);
  });
  afterAll(async () => {
    await proxy.close();
    await service.close();
    await receiver.close();
  });

  it('was called, and succeeded at least once', () => {
    expect(proxy.check.seen.size).toBeGreaterThan(60);
    expect(proxy.check.unseen().succeeded).toEqual([]);
  });

  it('was called wrongly, and refused at least once, except health, which is open to everybody', () => {
    expect(proxy.check.unseen().refused).toEqual(['GET /health/live', 'GET /health/ready']);
  });

  it('would be reported if it was never called, or if its answer differed', () => {
    const check = new ApiCheck(proxy.document);
    expect(check.unseen().succeeded).toHaveLength(proxy.check.seen.size);
    const answer = { items: [] as unknown[], next_cursor: null };
    const good = {
      method: 'GET',
      url: '/v1/users?limit=1',
      headers: { authorization: 'Bearer x' } as Record<string, string>,
      body: Buffer.alloc(0),
      status: 200,
      answerHeaders: {
        'content-type': 'application/json; charset=utf-8',
        'minutebook-position': '1',
        'minutebook-behind': '0',
      },
      answer: Buffer.from(JSON.stringify(answer)),
    };
    check.check(good);
    expect([check.mistakes, check.unseen().succeeded.length]).toEqual([
      [],
      proxy.check.seen.size - 1,
    ]);
    const withAnswer = (body: object) => ({ ...good, answer: Buffer.from(JSON.stringify(body)) });
    const post = { ...good, method: 'POST', headers: { ...good.headers, 'idempotency-key': 'a' } };
    for (const bad of [
      { ...good, url: '/v1/nothing' },
      { ...good, url: '/v1/users?limit=0' },
      { ...good, url: '/v1/users?frobnicate=1' },
      { ...good, headers: {} },
      { ...good, status: 218 },
      { ...good, answerHeaders: { ...good.answerHeaders, 'content-type': 'text/html' } },
      { ...good, answerHeaders: { ...good.answerHeaders, 'minutebook-behind': undefined } },
      { ...good, answerHeaders: {} },
      withAnswer({}),
      withAnswer({ ...answer, items: [{ user_id: 5 }] }),
      { ...post, url: '/v1/plans' },
      {
        ...post,
        url: '/v1/keys',
        headers: { ...good.headers, 'content-type': 'application/json' },
        body: Buffer.from('{"role":"king","name":"a"}'),
        status: 201,
      },
    ]) {
      const before = check.mistakes.length;
      check.check(bad);
      expect([bad, check.mistakes.length > before]).toEqual([bad, true]);
    }
  });

  it('declares the answer to a client that has the past already, and its headers', async () => {
    const through = new HttpService(proxy.url, service.keys);
    const past = await through.fetch('/v1/plans?as_of=2');
    const known = await through.fetch('/v1/plans?as_of=2', {
      headers: { 'if-none-match': past.headers.get('etag')! },
    });
    expect([past.status, known.status]).toEqual([200, 304]);
    const { responses } = proxy.document.paths['/v1/plans']!['get']!;
    for (const status of ['200', '304']) {
      expect(Object.keys(responses[status]!.headers!)).toEqual([
        'minutebook-position',
        'minutebook-behind',
        'ETag',
      ]);
    }
  });

  it('answers as the document says, every time: status, media type, headers and body', () => {
    expect(proxy.check.mistakes).toEqual([]);
  });
});
