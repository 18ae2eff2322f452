import { describeWithServer } from '../../support/event-store-server';
import { eventually, pause } from '../../support/eventually';
import { Instances, readiness } from '../../support/instances';
import { Load } from '../../support/load';
import { describeWithPostgres, OwnPostgres } from '../../support/postgres';
import { build } from '../../support/process';
import { BATCH, completed, type Answer } from '../../support/service';

interface Written {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly code?: string; readonly position?: string };
}

let instances: Instances;

async function send(url: string, events: readonly unknown[]): Promise<Answer> {
  const headers = { 'content-type': BATCH };
  const body = JSON.stringify(events);
  return (await (
    await instances.fetch(url, '/v1/events', { method: 'POST', headers, body })
  ).json()) as Answer;
}

/** Sends a finance write, and repeats it as long as the answer is 503. */
async function write(url: string, path: string, body: unknown, key: string): Promise<Written> {
  for (;;) {
    const answer = await instances.fetch(url, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    const text = (await answer.json()) as Written['body'];
    if (answer.status !== 503) return { status: answer.status, body: text };
    await pause(50);
  }
}

describeWithServer('with an EventStoreDB', () => {
  describeWithPostgres('and a PostgreSQL, several instances', () => {
    beforeAll(() => build(), 120_000);
    afterEach(() => instances.stop());

    it('start together on empty stores, and make one ledger, one key and one schema', async () => {
      instances = await Instances.start(4);
      const roots = await Promise.all(
        instances.urls.map((url) =>
          instances.read<{ checkpoint: string; verifier_keys: string[] }>(url, '/v1/audit/root'),
        ),
      );
      expect(roots[0]!.verifier_keys).toHaveLength(1);
      for (const root of roots) expect(root.verifier_keys).toEqual(roots[0]!.verifier_keys);
      expect(new Set(roots.map(({ checkpoint }) => checkpoint.split('\n')[0])).size).toBe(1);
      await instances.holder();
      const ready = await Promise.all(instances.urls.map(readiness));
      expect(ready.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
      expect(ready.filter(({ instance }) => instance.advances)).toHaveLength(1);
    }, 60_000);

    it('record an event that is sent to two of them at once only once', async () => {
      instances = await Instances.start(2);
      const [one, other] = instances.urls as [string, string];
      const events = Array.from({ length: 300 }, () => completed({ user_id: 'twice' }));
      let position = '0';
      for (let from = 0; from < events.length; from += 30) {
        const batch = events.slice(from, from + 30);
        const answers = await Promise.all([send(one, batch), send(other, batch)]);
        for (const index of batch.keys()) {
          const [a, b] = answers.map(({ results }) => results[index]!);
          expect([a!.status, b!.status].sort()).toEqual(['duplicate', 'recorded']);
          expect(a!.position).toBe(b!.position);
        }
        position = answers[0].position;
      }
      const path = '/v1/users/twice/usage-summary?period=2026-10';
      for (const url of instances.urls) {
        expect(await instances.read(url, path, position)).toMatchObject({ transcriptions: 300 });
      }
    }, 60_000);

    it('give no credit below zero and accept no key twice, if both are asked at once', async () => {
      instances = await Instances.start(2);
      const [one, other] = instances.urls as [string, string];
      // 3 cents each.
      const sent = Array.from({ length: 10 }, () =>
        completed({ user_id: 'cy', duration_seconds: 60 }),
      );
      await send(one, sent);
      const credit = { user_id: 'cy', period: '2026-10', amount_cents: -20, reason: 'a credit' };
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          write(number % 2 === 0 ? one : other, '/v1/adjustments', credit, `credit-${number}`),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      const refused = answers.filter(({ status }) => status === 409);
      for (const { body } of refused) expect(body.code).toBe('adjustment_below_zero');

      const same = { ...credit, amount_cents: -1 };
      const again = await Promise.all(
        [one, other, one, other].map((url) => write(url, '/v1/adjustments', same, 'the same')),
      );
      for (const { status, body } of again) expect({ status, body }).toEqual(again[0]);
      const path = '/v1/users/cy/usage-summary?period=2026-10';
      for (const url of instances.urls) {
        const summary = await instances.read(url, path, again[0]!.body.position);
        expect(summary).toMatchObject({ cost_cents: 30 - 20 - 1, adjustments_cents: -21 });
      }
    }, 60_000);

    it('close periods while others record: nothing is lost or counted twice, and there is no gap', async () => {
      instances = await Instances.start(3);
      const load = new Load(instances, 'dee', { time: '2026-08-05T10:00:00Z' });
      const closes: { size: number }[] = [];
      for (const [turn, period] of [
        '2026-05',
        '2026-06',
        '2026-07',
        '2026-08',
        '2026-09',
      ].entries()) {
        await pause(700);
        const url = instances.urls[turn % 3]!;
        const path = `/v1/billing-periods/${period}/close`;
        const { status, body } = await write(url, path, { force: true }, period);
        expect({ status, body }).toMatchObject({ status: 201 });
        closes.push(body as unknown as { size: number });
      }
      await pause(500);
      await load.stop();
      const position = await load.sendAgain(instances.urls[0]!);
      expect(load.wrong).toEqual([]);
      const [url] = instances.urls as [string];
      // A close counts every event before it, so its index equals that count.
      const indexes = await indexesOfCloses(instances, url, position);
      expect(indexes).toEqual(closes.map(({ size }) => size));
      const months = await Promise.all(
        ['2026-08', '2026-09', '2026-10'].map((period) =>
          instances.read<{ transcriptions: number; usage_cost_cents: number }>(
            url,
            `/v1/users/dee/usage-summary?period=${period}`,
            position,
          ),
        ),
      );
      const total = months.reduce((sum, { transcriptions }) => sum + transcriptions, 0);
      expect({ transcriptions: total }).toMatchObject({ transcriptions: load.completed });
      expect(months[0]!.transcriptions).toBeGreaterThan(0);
      expect(months[2]!.transcriptions).toBeGreaterThan(0);
      expect(await instances.cli('replay', '--json')).toMatchObject({ status: 0 });
      expect(await instances.cli('verify', '--json')).toMatchObject({ status: 0 });
    }, 120_000);

    it('always give the same answer as of a time, though others record', async () => {
      instances = await Instances.start(2);
      const load = new Load(instances, 'eve', { producers: 2, batch: 3, restMs: 20 });
      await pause(1_000);
      const first = new Map<string, unknown>();
      const ask = async (url: string, time: string) => {
        const path = `/v1/users/eve/usage-summary?period=2026-10&as_of=${encodeURIComponent(time)}`;
        const { transcriptions, position } = await instances.read<Record<string, unknown>>(
          url,
          path,
        );
        return { transcriptions, position };
      };
      for (let turn = 0; turn < 2; turn += 1) {
        const time = new Date().toISOString();
        first.set(time, await ask(instances.urls[turn % 2]!, time));
        await pause(200);
      }
      await load.stop();
      for (const [time, answer] of first) {
        for (const url of instances.urls) expect(await ask(url, time)).toEqual(answer);
      }
    }, 120_000);

    it('accept events again, each once, after PostgreSQL was stopped and after it crashed', async () => {
      const postgres = await OwnPostgres.start();
      try {
        instances = await Instances.start(2, postgres);
        const load = new Load(instances, 'fay');
        for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
          await pause(1_500);
          await postgres.restart(signal);
          for (const url of instances.urls) {
            await eventually(async () => (await readiness(url)).status === 'ok');
          }
        }
        await pause(1_000);
        await load.stop();
        await load.expectAllCounted(instances);
      } finally {
        await instances.stop();
        await postgres.stop();
      }
    }, 120_000);
  });
});

async function indexesOfCloses(
  instances: Instances,
  url: string,
  position: string,
): Promise<number[]> {
  const indexes: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/v1/audit/events?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: { items: { type: string; index: number }[]; next_cursor: string | null } =
      await instances.read(url, path, position);
    for (const { type, index } of page.items) {
      if (type === 'billing_period.closed') indexes.push(index);
    }
    cursor = page.next_cursor;
  }
  return indexes;
}
