import { describeWithServer } from '../../support/event-store-server';
import { eventually } from '../../support/eventually';
import { Instances } from '../../support/instances';
import { describeWithPostgres } from '../../support/postgres';
import { build } from '../../support/process';
import { BATCH, completed, type Answer } from '../../support/service';

const JSON_TYPE = { 'content-type': 'application/json' };
const NAME = 'SECRET-of-ann.wav';

describeWithServer('with an EventStoreDB', () => {
  describeWithPostgres('and a PostgreSQL, several instances', () => {
    let instances: Instances;
    beforeAll(() => build(), 120_000);
    beforeEach(async () => (instances = await Instances.start(2)), 60_000);
    afterEach(() => instances.stop());

    const send = async (url: string, events: readonly unknown[]) => {
      const body = JSON.stringify(events);
      const headers = { 'content-type': BATCH };
      const answer = await instances.fetch(url, '/v1/events', { method: 'POST', headers, body });
      return (await answer.json()) as Answer;
    };
    const text = async (url: string, path: string, position = '0') =>
      JSON.stringify(await instances.read<object>(url, path, position));

    it('agree on one key of a new user whom both meet at once', async () => {
      const users = Array.from({ length: 40 }, (_, number) => `new-${number}`);
      const facts = () =>
        users.map((user_id) => completed({ user_id, original_filename: `${user_id}.wav` }));
      const answers = await Promise.all(
        [...instances.urls, ...instances.urls].map((url) => send(url, facts())),
      );
      for (const { results } of answers) {
        expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['recorded']));
      }
      const keys = await instances.query<{ user_id: string; count: string }>(
        'SELECT user_id, count(*) FROM minutebook.personal_keys GROUP BY user_id',
      );
      expect(keys.map(({ user_id, count }) => [user_id, count]).sort()).toEqual(
        users.map((user_id) => [user_id, '1']).sort(),
      );
      const last = answers.map(({ position }) => Number(position)).sort((a, b) => b - a)[0]!;
      for (const url of instances.urls) {
        const path = '/v1/users/new-7/usage-logs';
        const { items } = await instances.read<{ items: { original_filename: string }[] }>(
          url,
          path,
          String(last),
        );
        expect(items.map((log) => log.original_filename)).toEqual(Array(4).fill('new-7.wav'));
      }
    }, 60_000);

    it('return nothing about a user whom another instance erased: not live, not as of the past, not in a job', async () => {
      const [one, other] = instances.urls as [string, string];
      const metadata = { request_id: NAME };
      const { position } = await send(one, [
        completed({ original_filename: NAME, provider_metadata: metadata }),
      ]);
      const live = '/v1/users/ann/usage-logs';
      const past = `/v1/users/ann/usage-logs?as_of=${position}`;
      for (const url of [one, other]) {
        expect(await text(url, live, position)).toContain(NAME);
        expect(await text(url, past)).toContain(NAME);
      }
      const list = { provider: 'google', period: '2026-10', lines: [{ duration_seconds: 90 }] };
      const started = await instances.fetch(other, '/v1/audit/reconciliations', {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify(list),
      });
      const { id } = (await started.json()) as { id: string };
      const job = `/v1/audit/reconciliations/${id}`;
      await eventually(async () => (await text(other, job)).includes('"done"'));
      expect(await text(other, `${job}/items`)).toContain(NAME);

      const erased = await instances.fetch(one, '/v1/users/ann/erase', {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ reason: 'asked' }),
      });
      expect(erased.status).toBe(201);
      const { position: place } = (await erased.json()) as { position: string };
      for (const url of [one, other]) {
        expect(await text(url, live, place)).not.toContain(NAME);
        await eventually(async () => !(await text(url, past)).includes(NAME));
      }
      await eventually(async () => (await instances.fetch(other, job)).status === 404);
      // The other instance seals new values under a key that still exists.
      const later = await send(other, [completed({ original_filename: 'later.wav' })]);
      for (const url of [one, other]) {
        expect(await text(url, live, later.position)).toContain('later.wav');
      }
      expect(await instances.cli('verify', '--json')).toMatchObject({ status: 0 });
      expect(await instances.cli('replay', '--json')).toMatchObject({ status: 0 });
    }, 90_000);
  });
});
