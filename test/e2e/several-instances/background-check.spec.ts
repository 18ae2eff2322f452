import { describeWithServer } from '../../support/event-store-server';
import { eventually } from '../../support/eventually';
import { Instances, readiness } from '../../support/instances';
import { changeReadModel, describeWithPostgres } from '../../support/postgres';
import { build } from '../../support/process';
import { BATCH, completed, type Answer } from '../../support/service';

interface Checked {
  readonly background_check: { readonly state: string; readonly faults: number | null };
}

describeWithServer('with an EventStoreDB', () => {
  describeWithPostgres('and a PostgreSQL, the background check of two instances', () => {
    let instances: Instances;
    beforeAll(() => build(), 120_000);
    afterEach(() => instances.stop());

    const checked = async (url: string) =>
      ((await readiness(url)) as unknown as Checked).background_check;

    it('runs in the instance that projects, and continues in the other once that one is killed', async () => {
      instances = await Instances.start(2, undefined, { BACKGROUND_CHECK_SHARE: '1' });
      const body = JSON.stringify(Array.from({ length: 20 }, () => completed()));
      const sent = await instances.fetch(instances.urls[0]!, '/v1/events', {
        method: 'POST',
        headers: { 'content-type': BATCH },
        body,
      });
      const { position } = (await sent.json()) as Answer;
      const holder = await instances.holder();
      const other = instances.running.find((one) => one !== holder)!;
      await instances.read(holder.url, '/v1/users/ann/usage-logs', position);
      expect((await instances.fetch(holder.url, '/v1/audit/root')).status).toBe(200);
      await eventually(async () => (await checked(holder.url)).faults === 0);
      expect(await checked(other.url)).toMatchObject({ state: 'waiting', faults: null });

      const edited = await changeReadModel(
        { READ_MODEL_URL: instances.database.url },
        "UPDATE usage_logs SET duration_seconds = '12345' WHERE id = (SELECT min(id) FROM usage_logs)",
      );
      expect(edited).toBe(1);
      await eventually(async () => (await checked(holder.url)).faults === 1);
      await instances.kill(holder);
      await eventually(async () => (await checked(other.url)).faults === 1);
    }, 120_000);
  });
});
