import { describeWithServer } from '../../support/event-store-server';
import { pause } from '../../support/eventually';
import { Instances } from '../../support/instances';
import { describeWithPostgres } from '../../support/postgres';
import { build } from '../../support/process';
import { TellingLoad } from '../../support/telling-load';

const ROUNDS = Number(process.env['RUNS'] ?? 2);
const USERS_A_ROUND = 120;
/** How long each of two receivers takes to answer. */
const ANSWER_MS = [0, 60];
/** Deliveries that may be under way: four per webhook, in each instance that believes it is the sender. */
const UNDER_WAY = 4 * 2 * ANSWER_MS.length;

interface Counted {
  readonly reached: string;
  readonly waiting: string;
  readonly deliveries: string;
}

describeWithServer('with an EventStoreDB', () => {
  describeWithPostgres('and a PostgreSQL, two instances that send webhooks', () => {
    let instances: Instances;
    let load: TellingLoad;
    beforeAll(() => build(), 120_000);
    beforeEach(async () => {
      instances = await Instances.start(2, undefined, { WEBHOOK_ALLOW_PRIVATE: 'true' });
      let turn = 0;
      const send = (path: string, init: RequestInit) => {
        const { urls } = instances;
        return instances.fetch(urls[(turn += 1) % urls.length]!, path, init);
      };
      load = new TellingLoad(send, USERS_A_ROUND * ROUNDS);
      await load.prepare(ANSWER_MS);
    }, 60_000);
    afterEach(async () => {
      await instances.stop();
      await load.close();
    });

    const cutConnections = () =>
      instances.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    const kill = async (isSender: boolean) => {
      const holder = await instances.holder();
      const one = isSender ? holder : instances.running.find((other) => other !== holder)!;
      await instances.kill(one);
      await pause(500);
      await instances.add();
    };

    it(
      'reach each alert once and lose no delivery, though each is killed and cut off from PostgreSQL',
      async () => {
        const running = load.run(150);
        for (let round = 0; round < ROUNDS; round += 1) {
          await pause(500);
          await kill(true);
          await pause(300);
          await cutConnections();
          await pause(500);
          await kill(false);
          await pause(300);
          await cutConnections();
        }
        await running;
        const told = await load.expectAllTold();
        const faults = 4 * ROUNDS;
        console.log(`${2 * ROUNDS} kills, ${2 * ROUNDS} cuts: ${JSON.stringify(told)}`);
        expect(told.doubled).toBeLessThanOrEqual(faults * UNDER_WAY);
        const [counted] = await instances.query<Counted>(
          `SELECT (SELECT count(*) FROM minutebook.happenings WHERE type = 'minutebook.alert.reached') AS reached,
             (SELECT count(*) FROM minutebook.deliveries WHERE status <> 'delivered') AS waiting,
             (SELECT count(*) FROM minutebook.deliveries) AS deliveries`,
        );
        expect(counted).toEqual({
          reached: String(load.users.length),
          waiting: '0',
          deliveries: String(told.due),
        });
      },
      180_000 + ROUNDS * 90_000,
    );
  });
});
