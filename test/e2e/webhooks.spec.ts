import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, pause } from '../support/eventually';
import { Receiver, verified, type Received } from '../support/receiver';
import { completed, TestService, type Problem } from '../support/service';

interface Made {
  readonly id: string;
  readonly secret: string;
}
interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly tries: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly next_try_at: string | null;
}
interface Listed<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

const ADJUSTED = 'minutebook.adjustment.recorded';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The promised pauses (docs/reference/http.md#alerts-and-webhooks). */
const PAUSES = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

describe('webhooks', () => {
  let service: TestService;
  let receiver: Receiver;
  let dataDir: string;
  // Receivers check the signed time against the clock, so the service's clock starts at the real time.
  let ahead: number;
  const now = () => Date.now() + ahead;

  const start = (
    environment: Readonly<Record<string, string>> = { WEBHOOK_ALLOW_PRIVATE: 'true' },
  ) => TestService.start({ dataDir, now, environment });

  beforeEach(async () => {
    ahead = 0;
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-webhooks-'));
    service = await start();
    receiver = await Receiver.start();
  });
  afterEach(async () => {
    await service.close();
    await receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Starts the service with another ledger, which opens with these prices. */
  const beginAnew = async (prices: object) => {
    await service.close();
    rmSync(dataDir, { recursive: true, force: true });
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-webhooks-'));
    const RATE_CARD_FILE = join(dataDir, 'card.json');
    writeFileSync(RATE_CARD_FILE, JSON.stringify({ currency: 'TWD', prices }));
    service = await start({ WEBHOOK_ALLOW_PRIVATE: 'true', RATE_CARD_FILE });
  };

  const send = <T>(method: string, path: string, body: object = {}) =>
    service.post<T>(path, 'application/json', JSON.stringify(body), {}, method);
  const make = async (types = [ADJUSTED], url = receiver.url): Promise<Made> => {
    const answer = await send<Made>('POST', '/v1/webhooks', { url, types, name: 'a receiver' });
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body;
  };
  const adjust = (reference: string) =>
    service.write('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: '2026-10',
      amount_cents: 5,
      reason: 'a test',
      reference,
      new_user: true,
    });
  const deliveries = async ({ id }: Made, query = '') => {
    const { body } = await service.get<Listed<Delivery>>(`/v1/webhooks/${id}/deliveries${query}`);
    return body.items;
  };
  const delivery = async (made: Made) => (await deliveries(made))[0]!;
  const came = (count: number) => eventually(() => receiver.received.length >= count);

  it('report what happens, as CloudEvents that the Standard Webhooks library accepts', async () => {
    const { secret, id } = await make();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await adjust('one');
    await came(1);
    const [message] = receiver.received as [Received];
    expect(verified(secret, message)).toEqual(message.event);
    expect(message.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': message.event.id,
    });
    expect(message.event).toMatchObject({
      specversion: '1.0',
      type: ADJUSTED,
      source: expect.stringMatching(/^minutebook\/.+/) as unknown,
      data: { user_id: 'ann', period: '2026-10', amount_cents: 5, reference: 'one' },
    });
    expect(() => verified(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, message)).toThrow();
    await eventually(async () => (await delivery({ id, secret })).status === 'delivered');
    expect(await delivery({ id, secret })).toMatchObject({ tries: 1, last_status: 204 });
  });

  it('report an erasure, without any personal value', async () => {
    await make(['minutebook.user.erased']);
    await service.batch([completed({ original_filename: 'SECRET.wav' })]);
    const { body } = await send<{ position: string }>('POST', '/v1/users/ann/erase', {
      reason: 'asked',
    });
    await came(1);
    const [{ event }] = receiver.received as [Received];
    expect(event).toMatchObject({ type: 'minutebook.user.erased' });
    expect(event.data).toEqual({ user_id: 'ann', position: body.position });
  });

  it('are listed without their secrets, can be changed, and are gone once deleted', async () => {
    const made = await make();
    const path = `/v1/webhooks/${made.id}`;
    const { body } = await service.get<Listed<object>>('/v1/webhooks');
    expect(body.items).toEqual([
      {
        id: made.id,
        url: receiver.url,
        types: [ADJUSTED],
        name: 'a receiver',
        enabled: true,
        off_because: null,
        off_at: null,
        created_at: expect.anything() as unknown,
      },
    ]);
    const changed = await send('PATCH', path, { enabled: false, name: 'off' });
    expect(changed.body).toMatchObject({
      id: made.id,
      enabled: false,
      name: 'off',
      url: receiver.url,
    });
    await adjust('while off');
    await pause(1_500);
    expect(receiver.received).toEqual([]);
    expect((await service.fetch(path, { method: 'DELETE' })).status).toBe(204);
    expect((await service.fetch(path, { method: 'DELETE' })).status).toBe(404);
    expect((await service.get(`${path}/deliveries`)).status).toBe(404);
  });

  it('are tried again over a day, under one id, and then given up', async () => {
    const made = await make();
    receiver.answer(500);
    await adjust('one');
    await came(1);
    for (const [index, pauseMs] of PAUSES.entries()) {
      await eventually(async () => (await delivery(made)).tries === index + 1);
      const { next_try_at, status, last_error } = await delivery(made);
      expect([status, last_error]).toEqual(['waiting', 'answered 500']);
      const left = Date.parse(next_try_at!) - now();
      // Jitter adds at most a tenth; some seconds of the test have passed.
      expect(left).toBeGreaterThan(pauseMs - 5 * SECOND);
      expect(left).toBeLessThanOrEqual(pauseMs * 1.1);
      ahead += Math.max(0, left);
      await came(index + 2);
    }
    await eventually(async () => (await delivery(made)).status === 'failed');
    expect(await delivery(made)).toMatchObject({ tries: PAUSES.length + 1, next_try_at: null });
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(receiver.received).toHaveLength(PAUSES.length + 1);
  });

  it('are tried again as soon as planned, even if the clock is set back meanwhile', async () => {
    const made = await make();
    receiver.answer(500);
    ahead = 6 * HOUR;
    await adjust('one');
    await eventually(async () => (await delivery(made))?.tries === 1);
    ahead = 0;
    const wait = async () => Date.parse((await delivery(made)).next_try_at!) - now();
    await eventually(async () => (await wait()) <= PAUSES[0]! * 1.1);
  });

  it('are sent again by hand, whatever their outcome', async () => {
    const made = await make();
    await adjust('one');
    await eventually(async () => (await delivery(made))?.status === 'delivered');
    const { id } = await delivery(made);
    const path = `/v1/webhooks/${made.id}/deliveries`;
    expect((await send('POST', `${path}/${id}/redeliver`)).status).toBe(202);
    await came(2);
    expect(receiver.received[1]!.id).toBe(receiver.received[0]!.id);
    await eventually(async () => (await deliveries(made, '?status=delivered')).length === 1);
    expect(await delivery(made)).toMatchObject({ tries: 2 });
    expect((await send('POST', `${path}/dlv_unknown/redeliver`)).status).toBe(404);
  });

  it('wait as long as a receiver asks for', async () => {
    const made = await make();
    receiver.answer(503, { 'retry-after': '3600' });
    await adjust('one');
    await eventually(async () => (await delivery(made))?.tries === 1);
    const left = Date.parse((await delivery(made)).next_try_at!) - now();
    expect(left).toBeGreaterThan(HOUR - 10 * SECOND);
    expect(left).toBeLessThanOrEqual(HOUR * 1.1);
  });

  it('are also signed by the old secret for a day after a rotation', async () => {
    const made = await make();
    const rotated = await send<Made>('POST', `/v1/webhooks/${made.id}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(made.secret);
    await adjust('one');
    await came(1);
    for (const secret of [made.secret, rotated.body.secret])
      verified(secret, receiver.received[0]!);
    ahead += 24 * HOUR + SECOND;
    await adjust('two');
    await came(2);
    const last = receiver.received[1]!;
    // The library rejects a message from tomorrow, so the test checks its time separately.
    const signatures = last.headers['webhook-signature']!.split(' ');
    expect(signatures).toHaveLength(1);
    expect(receiver.received[0]!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
  });

  it("report the receiver's answer to a test, and cut its text", async () => {
    const made = await make();
    receiver.behave = (_, response) => response.writeHead(418).end('x'.repeat(10_000));
    const { status, body } = await send('POST', `/v1/webhooks/${made.id}/test`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      delivered: false,
      status: 418,
      error: 'answered 418',
      body: 'x'.repeat(4_096),
    });
    expect(receiver.received[0]!.event.type).toBe('minutebook.test');
    verified(made.secret, receiver.received[0]!);
    expect(await deliveries(made)).toEqual([]);
  });

  it('deliver what happened while the service was stopped, or could not be sent', async () => {
    const made = await make();
    receiver.behave = (request) => request.socket.destroy();
    await adjust('one');
    await eventually(async () => (await delivery(made))?.tries === 1);
    expect(await delivery(made)).toMatchObject({ last_status: null, last_error: 'ECONNRESET' });
    await service.close();
    receiver.answer(200);
    ahead += MINUTE;
    service = await start();
    await came(2);
    expect(receiver.received[1]!.id).toBe(receiver.received[0]!.id);
  });

  it('that hang, redirect or send a gigabyte delay no other webhook', async () => {
    const bad = await Receiver.start();
    const elsewhere = await Receiver.start();
    const behaviours: Receiver['behave'][] = [
      () => undefined,
      (_, response) => response.writeHead(302, { location: elsewhere.url }).end(),
      (_, response) => {
        response.writeHead(500);
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
    ];
    bad.behave = (request, response) => behaviours[bad.received.length % 3]!(request, response);
    const badly = await make([ADJUSTED], bad.url);
    const well = await make();
    try {
      for (let index = 0; index < 12; index += 1) await adjust(`number ${index}`);
      await came(12);
      await eventually(async () => (await deliveries(well, '?status=delivered')).length === 12);
      const tried = (await deliveries(badly)).filter(({ tries }) => tries > 0);
      await eventually(async () =>
        (await deliveries(badly)).some(
          ({ last_error }) => last_error?.includes('redirects') === true,
        ),
      );
      expect(tried.every(({ status }) => status === 'waiting')).toBe(true);
      expect(elsewhere.received).toEqual([]);
    } finally {
      await bad.close();
      await elsewhere.close();
    }
  });

  it('with too many waiting deliveries are turned off, and say so, until they are turned on again', async () => {
    await service.close();
    const limited = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_MOST_WAITING: '10' };
    service = await start(limited);
    receiver.answer(500);
    const made = await make();
    const path = `/v1/webhooks/${made.id}`;
    const seen = async () =>
      (await service.get<Listed<object>>('/v1/webhooks')).body.items[0] as Record<string, unknown>;
    for (let number = 0; number < 11; number += 1) await adjust(`${number}`);
    await eventually(async () => (await seen())['enabled'] === false);
    expect(await seen()).toMatchObject({
      off_because: 'too_many_waiting',
      off_at: expect.any(String) as unknown,
    });
    await adjust('told to nobody');
    // Gives the service time to pass this event.
    await pause(2_000);
    const waiting = (await deliveries(made, '?status=waiting')).length;
    expect(waiting).toBeGreaterThanOrEqual(10);
    const metrics = await (await service.fetch('/metrics')).text();
    expect(metrics).toContain(`minutebook_webhook_turned_off{webhook="${made.id}"} 1`);
    expect(metrics).toMatch(/minutebook_webhook_deliveries_waiting\{webhook="wh_\w+"\} 1\d\n/);

    receiver.answer(204);
    ahead += 3 * HOUR;
    const { body } = await send<object>('PATCH', path, { enabled: true });
    expect(body).toMatchObject({ enabled: true, off_because: null, off_at: null });
    await eventually(async () => (await deliveries(made, '?status=waiting')).length === 0);
    expect(await deliveries(made, '?status=delivered')).toHaveLength(waiting);
    await adjust('told again');
    await eventually(() =>
      receiver.received.some(({ event }) => event.data['reference'] === 'told again'),
    );
    const told = receiver.received.map(({ event }) => event.data['reference']);
    expect(told).not.toContain('told to nobody');
  });

  it('are not open to finance, and must name the types that they are for', async () => {
    const finance = service.as(service.keys.finance);
    expect((await finance.get('/v1/webhooks')).status).toBe(403);
    const body = { url: receiver.url, types: ['minutebook.unknown'], name: 'a receiver' };
    const refused = await send<Problem>('POST', '/v1/webhooks', body);
    expect([refused.status, refused.body.pointer]).toEqual([422, '/types']);
    const nothing = await send<Problem>('POST', '/v1/webhooks', { url: receiver.url, name: 'a' });
    expect([nothing.status, nothing.body.code]).toEqual([422, 'missing_field']);
  });

  it('never call internal addresses, in whatever form the address is written', async () => {
    await service.close();
    service = await start({});
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      'localhost',
      '10.0.0.1',
      '169.254.169.254',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[0:0:0:0:0:ffff:7f00:1]',
      '[fe80::1]',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
    ];
    for (const host of hosts) {
      const body = { url: `https://${host}/hook`, types: [ADJUSTED], name: host };
      const { status, body: answer } = await send<Problem>('POST', '/v1/webhooks', body);
      expect([host, status, answer.code, answer.pointer]).toEqual([
        host,
        422,
        'webhook_url_not_allowed',
        '/url',
      ]);
    }
    for (const url of [
      'http://example.com/',
      'ftp://example.com/',
      'https://u:p@example.com/',
      'x',
    ]) {
      const body = { url, types: [ADJUSTED], name: 'a receiver' };
      const { status, body: answer } = await send<Problem>('POST', '/v1/webhooks', body);
      expect([url, status, answer.code]).toEqual([url, 422, 'webhook_url_not_allowed']);
    }
  });

  it('report that a month was closed, and that an attempt has no price', async () => {
    await beginAnew({ google: { amount: '0.6' } });
    await make(['minutebook.attempt.unrated', 'minutebook.billing_period.closed']);
    await service.one(completed({ session_id: 's-1', stt_provider: 'whisper' }));
    await came(1);
    expect(receiver.received[0]!.event).toMatchObject({
      type: 'minutebook.attempt.unrated',
      data: { session_id: 's-1', attempt: 1, stt_provider: 'whisper', status: 'unrated' },
    });
    const closed = await service.write('POST', '/v1/billing-periods/2026-09/close', {});
    expect(closed.status).toBe(201);
    await came(2);
    expect(receiver.received[1]!.event).toMatchObject({
      type: 'minutebook.billing_period.closed',
      data: { period: '2026-09', totals: [] },
    });
  });

  it('report what a new card leaves without a price, not what had none before the webhook', async () => {
    await beginAnew({ google: { amount: '0.6' }, whisper: { amount: '0.6' } });
    const minutes = (count: number) => new Date(now() + count * MINUTE).toISOString();
    const done = (session_id: string, stt_provider: string, time: string) =>
      service.one(completed({ session_id, stt_provider }, { time }));
    await done('old', 'other', minutes(-60));
    // A webhook is also told what was recorded so shortly before it that nobody has looked yet.
    await service.caughtUp();
    await pause(2_000);
    await make(['minutebook.attempt.unrated', ADJUSTED]);
    await done('ahead', 'whisper', minutes(4));
    await done('before', 'whisper', minutes(0));
    expect((await service.write('PUT', '/v1/default-plan', { plan: 'pro' })).status).toBe(201);
    for (const currency of ['TWD', 'USD']) {
      const effective_from = currency === 'TWD' ? minutes(2) : '1970-01-01T00:00:00Z';
      const less = { currency, effective_from, prices: { google: { amount: '0.6' } } };
      expect((await service.write('POST', '/v1/rate-cards', less)).status).toBe(201);
    }
    await came(1);
    await adjust('after the cards');
    await came(2);
    await pause(1_500);
    expect(receiver.received.map(({ event }) => event.data)).toMatchObject([
      { session_id: 'ahead', stt_provider: 'whisper', status: 'unrated' },
      { reference: 'after the cards' },
    ]);
  });

  it('report an attempt that has waited for a day', async () => {
    await make(['minutebook.attempt.waiting']);
    const time = new Date(now() - 25 * HOUR).toISOString();
    const data = { session_id: 's-1', attempt: 2 };
    await service.one(completed(data, { time }));
    // Waiting attempts are checked every minute; a new start checks at once.
    await pause(300);
    await service.close();
    service = await start();
    await came(1);
    expect(receiver.received[0]!.event).toMatchObject({
      type: 'minutebook.attempt.waiting',
      data: { session_id: 's-1', attempt: 2, status: 'pending' },
    });
  });
});
