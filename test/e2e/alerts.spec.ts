import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, pause } from '../support/eventually';
import { ended } from '../support/jobs';
import { Receiver } from '../support/receiver';
import { completed, TestService, type Problem } from '../support/service';

const REACHED = 'minutebook.alert.reached';
const LONG_ENOUGH_MS = 1_500;

interface Made {
  readonly id: string;
  readonly position: string;
}

describe('alerts', () => {
  let service: TestService;
  let receiver: Receiver;
  let dataDir: string;
  let time: number;
  const now = () => time;
  const start = () =>
    TestService.start({ dataDir, now, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });

  beforeEach(async () => {
    time = Date.parse('2026-10-20T00:00:00Z');
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-alerts-'));
    service = await start();
    receiver = await Receiver.start();
    await post('/v1/webhooks', { url: receiver.url, types: [REACHED], name: 'a receiver' });
  });
  afterEach(async () => {
    await service.close();
    await receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const post = <T = Made & Problem>(path: string, body: object) =>
    service.post<T>(path, 'application/json', JSON.stringify(body));
  const alert = async (body: object) => {
    const { status, body: made } = await post('/v1/alerts', { name: 'an alert', ...body });
    expect([status, made]).toEqual([201, expect.anything()]);
    return made.id;
  };
  /** Records a usage log of this many minutes. */
  const use = async (minutes: number, data: object = {}, attributes: object = {}) => {
    const duration_seconds = 60 * minutes;
    const { status } = await service.one(
      completed({ duration_seconds, ...data }, { ...attributes }),
    );
    expect(status).toBe(201);
  };
  /** The webhook events received, in order, once nothing more can be under way. */
  const told = async (count: number) => {
    await eventually(() => receiver.received.length >= count);
    await pause(LONG_ENOUGH_MS);
    return receiver.received.map(({ event }) => event.data);
  };

  it('are reached at their threshold, not below it', async () => {
    const id = await alert({ metric: 'billable_minutes', threshold: '10' });
    await use(9);
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
    await use(1);
    expect(await told(1)).toEqual([
      {
        alert_id: id,
        name: 'an alert',
        metric: 'billable_minutes',
        user_id: 'ann',
        period: '2026-10',
        value: '10',
        threshold: '10',
        share_of_limit: null,
        limit: null,
        plan: null,
        currency: null,
      },
    ]);
  });

  it('are reached once per user and period, though totals go on, fall and rise again', async () => {
    await alert({ metric: 'billable_minutes', threshold: '10' });
    await use(10, { session_id: 's-1' });
    await told(1);
    const voided = await service.write('POST', '/v1/sessions/s-1/void', { reason: 'a test' });
    expect(voided.status).toBe(201);
    await use(20, { session_id: 's-1' });
    await use(20, { user_id: 'bob' });
    time = Date.parse('2026-11-20T00:00:00Z');
    await use(20, {}, { time: '2026-11-03T00:00:00Z' });
    // A late log, in a period in which the alert was already reached.
    await use(20, {}, { time: '2026-10-03T00:00:00Z' });
    const all = (await told(3)).map(
      ({ user_id, period }) => `${String(user_id)} ${String(period)}`,
    );
    // Their order is not promised.
    expect(all.sort()).toEqual(['ann 2026-10', 'ann 2026-11', 'bob 2026-10']);
  });

  it('are reached by a void that raises the price of what is left', async () => {
    await service.write('POST', '/v1/rate-cards', {
      currency: 'TWD',
      effective_from: '2026-10-21T00:00:00Z',
      prices: {
        default: {
          tier_mode: 'volume',
          tiers: [
            { up_to_minutes: '2000', amount: '3' },
            { up_to_minutes: null, amount: '1' },
          ],
        },
      },
    });
    time = Date.parse('2026-10-22T00:00:00Z');
    const id = await alert({ metric: 'cost_cents', threshold: '500000', currency: 'TWD' });
    // At once: four of them alone would reach the threshold.
    await service.batch(
      ['s-1', 's-2', 's-3', 's-4', 's-5'].map((session_id) =>
        completed({ session_id, duration_seconds: 60 * 420 }, { time: '2026-10-21T12:00:00Z' }),
      ),
    );
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
    await service.write('POST', '/v1/sessions/s-1/void', { reason: 'a test' });
    // Its true facts may be there before anybody looks. The session is another user's then.
    await service.one(
      completed({ session_id: 's-1', user_id: 'bob' }, { time: '2026-10-21T12:00:00Z' }),
    );
    expect(await told(1)).toEqual([expect.objectContaining({ alert_id: id, user_id: 'ann' })]);
  });

  it('that are already exceeded when they are made are reached at once', async () => {
    await use(10);
    await use(10, { user_id: 'bob' });
    await alert({ metric: 'billable_minutes', threshold: '10', user_id: 'ann' });
    expect((await told(1)).map(({ user_id }) => user_id)).toEqual(['ann']);
  });

  it('count towards the limit of a plan that was assigned by a clock that is ahead', async () => {
    await alert({ metric: 'billable_minutes', share_of_limit: '0.8' });
    await service.write('PUT', '/v1/plans/small', { minutes: '10' });
    await service.write('PUT', '/v1/users/ann/plan', { plan: 'small' });
    time -= 60_000;
    await use(9);
    expect(await told(1)).toMatchObject([{ plan: 'small', limit: '10', value: '9' }]);
  });

  it('apply to the period in which they are made and to later ones, not to past ones', async () => {
    await use(10, {}, { time: '2026-09-05T00:00:00Z' });
    await alert({ metric: 'billable_minutes', threshold: '10' });
    await use(1, {}, { time: '2026-09-05T00:00:00Z' });
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
  });

  it('are reached by a share of the limit of the plan in force, and again under another plan', async () => {
    await alert({ metric: 'billable_minutes', share_of_limit: '0.8' });
    await alert({ metric: 'sessions', share_of_limit: '0.2' });
    await service.write('PUT', '/v1/users/ann/plan', { plan: 'pro' });
    await use(96);
    await use(1);
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
    await service.write('PUT', '/v1/users/ann/plan', { plan: 'free' });
    const all = await told(2);
    const byMetric = all.sort((a, b) => (String(a['metric']) < String(b['metric']) ? -1 : 1));
    expect(byMetric).toMatchObject([
      { metric: 'billable_minutes', value: '97', threshold: '96', limit: '120', plan: 'free' },
      { metric: 'sessions', value: '2', threshold: '2', limit: '10', plan: 'free' },
    ]);
  });

  it('are never reached by a share of a limit that does not exist', async () => {
    await service.write('PUT', '/v1/default-plan', { plan: 'enterprise' });
    await alert({ metric: 'billable_minutes', share_of_limit: '0.00001' });
    await use(500);
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
  });

  it('are reached by money, including adjustments, of a user and of the ledger', async () => {
    await alert({ metric: 'cost_cents', threshold: '100', user_id: 'ann' });
    await alert({ metric: 'ledger_cost_cents', threshold: '103', currency: 'TWD' });
    await use(10);
    const adjustment = { user_id: 'ann', period: '2026-10', amount_cents: 70, reason: 'a test' };
    await service.write('POST', '/v1/adjustments', adjustment);
    expect(await told(1)).toMatchObject([{ metric: 'cost_cents', value: '100', currency: 'TWD' }]);
    await use(1, { user_id: 'bob' });
    expect((await told(2))[1]).toMatchObject({
      metric: 'ledger_cost_cents',
      user_id: null,
      period: '2026-10',
      value: '103',
    });
  });

  it('are not reached again after a rebuild, a restart, or both', async () => {
    await alert({ metric: 'sessions', threshold: '1' });
    await use(1);
    await told(1);
    await ended(service, 'rebuilds', {});
    await service.close();
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(dataDir, `read-models.db${suffix}`), { force: true });
    }
    service = await start();
    await use(1);
    expect(await told(1)).toHaveLength(1);
  });

  it('are reached for what was recorded just before the service stopped', async () => {
    await alert({ metric: 'sessions', threshold: '1' });
    await use(1);
    await service.close();
    service = await start();
    expect(await told(1)).toHaveLength(1);
  });

  it('are listed and deleted, and not reached after that', async () => {
    const id = await alert({ metric: 'sessions', threshold: '3.0', user_id: 'ann' });
    const { body } = await service.get<{ items: readonly object[] }>('/v1/alerts');
    expect(body.items).toEqual([
      {
        id,
        name: 'an alert',
        metric: 'sessions',
        threshold: '3',
        share_of_limit: null,
        user_id: 'ann',
        currency: null,
        created_at: '2026-10-20T00:00:00.000Z',
      },
    ]);
    const remove = () => service.fetch(`/v1/alerts/${id}`, { method: 'DELETE' });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    for (let index = 0; index < 3; index += 1) await use(1);
    await pause(LONG_ENOUGH_MS);
    expect(receiver.received).toEqual([]);
  });

  it.each([
    [{ metric: 'minutes', threshold: '1' }, 'unknown_alert_metric', '/metric'],
    [{ threshold: '1' }, 'missing_field', '/metric'],
    [{ metric: 'sessions' }, 'missing_field', '/threshold'],
    [{ metric: 'sessions', threshold: 1 }, 'invalid_field', '/threshold'],
    [{ metric: 'sessions', threshold: '0' }, 'invalid_field', '/threshold'],
    [{ metric: 'sessions', threshold: '-1' }, 'invalid_field', '/threshold'],
    [
      { metric: 'sessions', threshold: '1', share_of_limit: '1' },
      'invalid_field',
      '/share_of_limit',
    ],
    [{ metric: 'cost_cents', share_of_limit: '0.5' }, 'invalid_field', '/share_of_limit'],
    [{ metric: 'ledger_cost_cents', threshold: '1', user_id: 'ann' }, 'invalid_field', '/user_id'],
    [{ metric: 'cost_cents', threshold: '1', currency: 'XXX' }, 'unknown_currency', '/currency'],
    [{ metric: 'sessions', threshold: '1', more: 1 }, 'unknown_field', '/more'],
  ])('are refused for the request %j', async (asked, code, pointer) => {
    const { status, body } = await post('/v1/alerts', { name: 'an alert', ...asked });
    expect([status, body.code, body.pointer]).toEqual([422, code, pointer]);
  });

  it('are open to finance', async () => {
    const reader = service.as(service.keys.reader);
    expect((await reader.get('/v1/alerts')).status).toBe(403);
    const finance = service.as(service.keys.finance);
    expect((await finance.get('/v1/alerts')).status).toBe(200);
  });
});
