import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, pause } from '../support/eventually';
import { describeWithPostgres, newDatabase } from '../support/postgres';
import { build, ServingProcess } from '../support/process';
import { Receiver, verified } from '../support/receiver';
import { BATCH, completed } from '../support/service';

const USERS = 200;
const KILLS = 4;
const REACHED = 'minutebook.alert.reached';
const ADJUSTED = 'minutebook.adjustment.recorded';

function killed(database: () => Promise<Readonly<Record<string, string>>>): void {
  let dataDir: string;
  let service: ServingProcess;
  let receiver: Receiver;
  let environment: Readonly<Record<string, string>>;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-killed-'));
    environment = { WEBHOOK_ALLOW_PRIVATE: 'true', ...(await database()) };
    service = await ServingProcess.start(dataDir, environment);
    receiver = await Receiver.start();
  }, 60_000);
  afterEach(async () => {
    await service.kill();
    await receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Sends until it is answered, whatever is killed in between. */
  async function post(path: string, type: string, body: unknown, key = ''): Promise<void> {
    const headers = { 'content-type': type, ...(key === '' ? {} : { 'idempotency-key': key }) };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    await eventually(async () => {
      const answer = await service.fetch(path, init).catch(() => undefined);
      await answer?.text().catch(() => undefined);
      return answer !== undefined && answer.status < 300;
    });
  }

  it('loses no delivery, and reaches no alert twice, however often it is killed', async () => {
    const made = await service.fetch('/v1/webhooks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: receiver.url, types: [REACHED, ADJUSTED], name: 'a receiver' }),
    });
    const { secret } = (await made.json()) as { secret: string };
    const alert = { name: 'an alert', metric: 'billable_minutes', threshold: '10' };
    await post('/v1/alerts', 'application/json', alert);
    const time = new Date().toISOString();
    const users = Array.from({ length: USERS }, (_, index) => `u-${index}`);
    const load = (async () => {
      for (let from = 0; from < USERS; from += 10) {
        const events = users
          .slice(from, from + 10)
          .flatMap((user_id) =>
            [0, 1].map(() => completed({ user_id, duration_seconds: 600 }, { time })),
          );
        await post('/v1/events', BATCH, events);
        const adjustment = {
          user_id: users[from],
          period: time.slice(0, 7),
          amount_cents: 5,
          reason: 'a test',
        };
        await post('/v1/adjustments', 'application/json', adjustment, `key-${from}`);
        await pause(150);
      }
    })();
    for (let kills = 0; kills < KILLS; kills += 1) {
      await pause(700);
      await service.kill();
      service = await ServingProcess.start(dataDir, environment);
    }
    await load;
    const ids = (type: string) => new Set(receiver.of(type).map(({ id }) => id));
    await eventually(() => ids(REACHED).size >= USERS && ids(ADJUSTED).size >= USERS / 10);
    await pause(1_500);
    expect(ids(REACHED).size).toBe(USERS);
    expect(ids(ADJUSTED).size).toBe(USERS / 10);
    const told = new Set(receiver.of(REACHED).map(({ event }) => event.data['user_id']));
    expect(told).toEqual(new Set(users));
    for (const message of receiver.received) verified(secret, message);
    console.log(
      `${KILLS} kills: ${ids(REACHED).size + ids(ADJUSTED).size} happenings, ${receiver.received.length} deliveries, 0 lost.`,
    );
  }, 180_000);
}

describe('a service that is killed while it tells', () => killed(() => Promise.resolve({})));

describeWithPostgres('a service on PostgreSQL that is killed while it tells', () => {
  const drops: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const drop of drops) await drop();
  });
  killed(async () => {
    const { url, drop } = await newDatabase();
    drops.push(drop);
    return { READ_MODEL_URL: url };
  });
});
