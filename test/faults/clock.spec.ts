import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dropReadModelOf } from '../support/postgres';
import { completed, TestService } from '../support/service';

const HOUR = 3_600_000;

describe('the service, when the clock jumps', () => {
  it('records in order and once, and its recorded time never goes back', async () => {
    let now = Date.parse('2026-11-10T12:00:00Z');
    const service = await TestService.start({ now: () => now });
    try {
      const sent: Record<string, unknown>[] = [];
      let position = '0';
      for (const jump of [0, -6 * HOUR, 5, 48 * HOUR, -100 * HOUR, 1, 30 * 24 * HOUR, -HOUR]) {
        now += jump;
        const events = Array.from({ length: 20 }, () => completed({ duration_seconds: 60 }));
        sent.push(...events);
        const { status, body } = await service.batch(events);
        expect(status).toBe(200);
        expect(BigInt(body.position)).toBeGreaterThan(BigInt(position));
        position = body.position;
      }
      const again = await service.batch(sent);
      expect(new Set(again.body.results.map((one) => one.status))).toEqual(new Set(['duplicate']));
      const path = `/v1/users/ann/usage-summary?period=2026-10&at_least=${position}`;
      const { body } = await service.get(path);
      expect(body).toMatchObject({ transcriptions: sent.length, cost_cents: 3 * sent.length });
      const list = await service.get<{ items: { recorded_at: string }[] }>(
        '/v1/audit/events?limit=500',
      );
      const times = list.body.items.map((one) => one.recorded_at);
      expect(times.length).toBeGreaterThan(sent.length);
      expect(times).toEqual([...times].sort());
    } finally {
      await service.close();
    }
  });

  it('records nothing at a time as of which it has answered, although it was restarted meanwhile', async () => {
    let now = Date.parse('2026-11-10T12:00:00Z');
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-clock-'));
    const start = () => TestService.start({ dataDir, now: () => now });
    const asked = '/v1/users/ann/usage-summary?period=2026-10&as_of=2026-11-10T12:00:10Z';
    const first = await start();
    const { position } = (await first.one(completed())).body;
    now += 10_000;
    await first.get(`/v1/audit/root?at_least=${position}`);
    const answer = await first.get(asked);
    expect(answer).toMatchObject({ status: 200, body: { transcriptions: 1 } });
    await first.close();
    now -= 5_000;
    const second = await start();
    try {
      await second.one(completed());
      now += 60_000;
      expect(await second.get(asked)).toEqual(answer);
    } finally {
      await second.close();
      rmSync(dataDir, { recursive: true });
      await dropReadModelOf(dataDir);
    }
  });

  it('puts a plan in force from its event on, even if another clock is ahead by minutes', async () => {
    let now = Date.parse('2026-11-10T12:00:00Z');
    const service = await TestService.start({ now: () => now });
    try {
      const { status, body } = await service.write<{ position: string }>(
        'PUT',
        '/v1/users/ann/plan',
        { plan: 'pro' },
      );
      expect(status).toBe(201);
      now -= 4 * 60_000;
      const read = async (path: string) =>
        (await service.get(`/v1/users/ann/${path}at_least=${body.position}`)).body;
      expect(await read('entitlement?')).toMatchObject({ plan: 'pro' });
      expect(await read('usage-summary?')).toMatchObject({ plan: 'pro' });
      expect(await read('plan?')).toMatchObject({ plan: 'pro', next: null });
    } finally {
      await service.close();
    }
  });

  it('shows the current month again once a clock that was a year ahead is put right', async () => {
    let now = Date.parse('2027-11-10T12:00:00Z');
    const service = await TestService.start({ now: () => now });
    try {
      const { body } = await service.one(completed({}, { time: '2026-11-10T00:00:00Z' }));
      now = Date.parse('2026-11-10T12:00:00Z');
      const path = `/v1/users/ann/usage-summary?at_least=${body.position}`;
      const summary = await service.get(path);
      expect(summary.body).toMatchObject({ period: '2026-11', transcriptions: 1 });
    } finally {
      await service.close();
    }
  });
});
