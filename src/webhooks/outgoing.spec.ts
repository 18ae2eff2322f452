import { createServer, type Server } from 'node:http';
import type { LookupAddress } from 'node:dns';
import type { AddressInfo } from 'node:net';

import { borderOf, checkToSave, type Resolve } from './outgoing';
import { post, type Answer } from './post';

const address = (text: string): LookupAddress => ({
  address: text,
  family: text.includes(':') ? 6 : 4,
});
const resolvingTo =
  (...all: string[]): Resolve =>
  () =>
    Promise.resolve(all.map(address));

describe('a webhook that leads somewhere other than it says', () => {
  let inside: Server;
  let port: number;
  let asked: number;
  beforeEach(async () => {
    asked = 0;
    inside = createServer((_, response) => {
      asked += 1;
      response.end('secrets');
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    port = (inside.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => inside.close(resolve)));

  const posted = (url: string, resolve: Resolve): Promise<Answer> =>
    post({ url, headers: {}, body: '{}' }, borderOf(false, resolve));

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['10.0.0.7']],
    [['169.254.169.254']],
    [['::ffff:127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['2606:4700::1111', 'fd00::1']],
  ])('is refused when it is saved: its name resolves to %j', async (addresses) => {
    const border = borderOf(false, resolvingTo(...addresses));
    await expect(checkToSave('https://hook.example.com/', border)).rejects.toThrow(
      'private, loopback or link-local',
    );
  });

  /** Resolves as systems do: this machine's names to this machine, and an address that is not a URL's to itself. */
  const asSystems: Resolve = (name) => {
    const isOwn = /(^|\.)localhost\.?$/i.test(name) || /^(127\.|0+\.|::)/.test(name);
    return Promise.resolve([address(isOwn ? '127.0.0.1' : '8.8.8.8')]);
  };
  it.each([
    ...['127.0.0.1.', '2130706433.', '017700000001', '0x7f000001', '0x7F.0x0.0x0.0x1', '0177.1'],
    ...['127.1', '127.0.1', '0', '0.0.0.0', '00.0.0.0', '127.0x0.0.01', '１２７.0.0.1'],
    ...['①②⑦.0.0.1', '127。0。0。1', '127.0.0.1%2e', '%31%32%37.0.0.1', '%6cocalhost'],
    ...['localhost', 'localhost.', 'LOCALHOST', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'a.localhost', 'ＬＯＣＡＬhost'],
    ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ...['[::ffff:0:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]'],
    ...['[fe80::1]', '[fc00::1]', '[fec0::1]', '[ff02::1]', '[::ffff:169.254.169.254]'],
    ...['169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '[fd00:ec2::254]'],
    ...['10.0.0.1', '0xa.1', '012.0.0.1', '172.16.1', '192.168.257', '3232235777', '100.64.1'],
  ])('is refused when it is saved: https://%s/', async (host) => {
    const border = borderOf(false, asSystems);
    for (const url of [`https://${host}/`, `https://${host}:22/`, `https:\\\\${host}\\`]) {
      await expect(checkToSave(url, border)).rejects.toThrow('private, loopback or link-local');
    }
  });

  it.each([
    ['https://user@example.com/', /user or password/],
    ['https://user:pass@example.com/', /user or password/],
    ['https://:pass@example.com/', /user or password/],
    ['https://example.com@127.0.0.1/', /user or password/],
    ['https://127.0.0.1@example.com/', /user or password/],
    ['http://example.com/', /must begin with https/],
    ['HTTP://example.com/', /must begin with https/],
    ['ftp://example.com/', /must begin with https/],
    ['file:///etc/passwd', /must begin with https/],
    ['gopher://127.0.0.1:70/', /must begin with https/],
    ['data:text/plain,a', /must begin with https/],
    ['javascript:alert(1)', /must begin with https/],
    ['unix:/var/run/docker.sock', /must begin with https/],
    ['//example.com/', /must be a URL/],
    ['example.com', /must be a URL/],
    ['https://', /must be a URL/],
    ['https://[fe80::1%25eth0]/', /must be a URL/],
    ['https://256.256.256.256/', /must be a URL/],
    ['https://1.2.3.4.5/', /must be a URL/],
    ['https://0x100000000/', /must be a URL/],
    ['https://exa mple.com/', /must be a URL/],
    ['https://example.com:65536/', /must be a URL/],
    [`https://example.com/${'a'.repeat(2_048)}`, /at most 2048 characters/],
  ])('is refused when it is saved: %s', async (url, why) => {
    await expect(checkToSave(url, borderOf(false, asSystems))).rejects.toThrow(why);
  });

  it("is saved if its name resolves to public addresses, or can't be resolved now", async () => {
    const url = 'https://hook.example.com/';
    expect(await checkToSave(url, borderOf(false, resolvingTo('8.8.8.8')))).toBe(url);
    const nothing: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await checkToSave(url, borderOf(false, nothing))).toBe(url);
  });

  it('is refused at the connection if its name now resolves to a private address', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const rebinding: Resolve = () => resolvingTo(...answers.shift()!)('');
    const url = `https://hook.example.com:${port}/`;
    expect(await checkToSave(url, borderOf(false, rebinding))).toBe(url);
    const answer = await posted(url, rebinding);
    expect(answer.error).toContain('private, loopback or link-local');
    expect([answer.status, asked]).toEqual([null, 0]);
  });

  it('is looked up once for each connection, which goes to the addresses that were checked', async () => {
    let lookUps = 0;
    const counting: Resolve = () => {
      lookUps += 1;
      return Promise.resolve([address(lookUps === 1 ? '192.0.2.1' : '127.0.0.1')]);
    };
    const answer = await posted(`https://hook.example.com:${port}/`, counting);
    expect([answer.status, lookUps, asked]).toEqual([null, 1, 0]);
  });

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
  ])('is refused at the connection if %s was saved while that was allowed', async (host) => {
    const answer = await posted(`https://${host}:${port}/`, resolvingTo('8.8.8.8'));
    expect(answer.error).toContain('private, loopback or link-local');
    expect([answer.status, asked]).toEqual([null, 0]);
  });

  it('is refused over plain http if that was saved while it was allowed', async () => {
    const answer = await posted(`http://hook.example.com:${port}/`, resolvingTo('8.8.8.8'));
    expect(answer.error).toBe('url must begin with https://');
  });
});

describe('a receiver', () => {
  let server: Server;
  let behave: (response: import('node:http').ServerResponse) => void;
  let url: string;
  beforeEach(async () => {
    server = createServer((_, response) => behave(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const posted = (wantsBody = true) =>
    post({ url, headers: {}, body: '{}' }, borderOf(true), { wantsBody, answerMs: 300 });

  it('that never answers is abandoned', async () => {
    behave = () => undefined;
    expect(await posted()).toMatchObject({ status: null, error: 'no answer within 0.3 s' });
  });

  it('that changes protocols has answered with that, and can be closed', async () => {
    server.on('connection', (socket) => {
      socket.removeAllListeners('data');
      socket.on('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
        ),
      );
    });
    expect(await posted()).toMatchObject({ status: 101, error: 'answered 101' });
  });

  it('that drips its body is abandoned, and judged by its status', async () => {
    behave = (response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(dripping));
    };
    expect(await posted()).toMatchObject({ status: 200, error: null });
  });

  it('that sends more than 4 KiB is not read any further', async () => {
    let sent = 0;
    behave = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && sent < 2 ** 30) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'x'))) break;
        }
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const { body, status } = await posted();
    expect([status, body]).toEqual([200, 'x'.repeat(4_096)]);
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });

  it('whose head is huge is abandoned', async () => {
    behave = (response) => response.writeHead(200, { huge: 'x'.repeat(100_000) }).end();
    expect(await posted()).toMatchObject({ error: 'the head of the answer is too large' });
  });

  it('that asks for a later retry says when, in seconds or as a date', async () => {
    const later = new Date(Date.now() + 60_000).toUTCString();
    for (const [text, least, most] of [
      ['30', 30_000, 30_000],
      [later, 50_000, 60_000],
      ['soon', null, null],
    ] as const) {
      behave = (response) => response.writeHead(429, { 'retry-after': text }).end();
      const { retryAfterMs } = await posted();
      if (least === null) expect(retryAfterMs).toBeNull();
      else expect(retryAfterMs).toBeGreaterThanOrEqual(least);
      if (most !== null) expect(retryAfterMs).toBeLessThanOrEqual(most);
    }
  });
});
