import { describeWithServer } from '../../support/event-store-server';
import { eventually, pause } from '../../support/eventually';
import { Instances, readiness } from '../../support/instances';
import { Load } from '../../support/load';
import { describeWithPostgres } from '../../support/postgres';
import { build } from '../../support/process';

const KILLS = Number(process.env['RUNS'] ?? 2);
const LIMIT_MS = 5_000;
/** A hanging instance is noticed after ten seconds without a sign of life. */
const HUNG_LIMIT_MS = 16_000;

interface Place {
  readonly generation: string;
  readonly position: string;
}

describeWithServer('with an EventStoreDB', () => {
  describeWithPostgres('and a PostgreSQL, several instances', () => {
    let instances: Instances;
    beforeAll(() => build(), 120_000);
    beforeEach(async () => (instances = await Instances.start(3)), 60_000);
    afterEach(() => instances.stop());

    const place = async () => {
      const [row] = await instances.query<Place>(
        'SELECT generation, position FROM minutebook.leases, minutebook_read.checkpoints',
      );
      return row!;
    };

    /** Milliseconds until another instance has the lease, and until it has committed. */
    const takeover = async (stop: () => unknown) => {
      const before = await place();
      void stop();
      const began = performance.now();
      let leaseMs: number | undefined;
      let position = before.position;
      for (;;) {
        const now = await place();
        if (leaseMs === undefined) {
          position = now.position;
          if (now.generation !== before.generation) leaseMs = performance.now() - began;
        } else if (now.position !== position) {
          return { leaseMs, commitMs: performance.now() - began };
        }
        if (performance.now() - began > 30_000) throw new Error('No instance took over.');
        await pause(5);
      }
    };

    it(
      'continue within five seconds when the projecting one is killed, and count everything once',
      async () => {
        const load = new Load(instances, 'ann');
        const times: { leaseMs: number; commitMs: number }[] = [];
        for (let kills = 0; kills < KILLS; kills += 1) {
          await pause(1_500);
          const holder = await instances.holder();
          times.push(await takeover(() => instances.kill(holder)));
          await instances.add();
        }
        await pause(500);
        await load.stop();
        await load.expectAllCounted(instances);
        report('takeover after SIGKILL', times, load);
        for (const { commitMs } of times) expect(commitMs).toBeLessThan(LIMIT_MS);
      },
      60_000 + KILLS * 20_000,
    );

    it('continue when the projecting one hangs, which can spoil nothing when it resumes', async () => {
      const holder = await instances.holder();
      const others = instances.urls.filter((url) => url !== holder.url);
      let hangs = false;
      const load = new Load(instances, 'bob', {}, () => (hangs ? others : instances.urls));
      await pause(1_500);
      hangs = true;
      await pause(500);
      const time = await takeover(() => holder.signal('SIGSTOP'));
      await pause(1_000);
      holder.signal('SIGCONT');
      await eventually(async () => (await readiness(holder.url)).status === 'ok');
      await pause(1_000);
      await load.stop();
      expect((await readiness(holder.url)).instance.advances).toBe(false);
      await load.expectAllCounted(instances);
      report('takeover after SIGSTOP', [time], load);
      expect(time.commitMs).toBeLessThan(HUNG_LIMIT_MS);
    }, 90_000);
  });
});

function report(
  what: string,
  times: readonly { leaseMs: number; commitMs: number }[],
  load: Load,
): void {
  if (process.env['RUNS'] === undefined) return;
  const of = (values: number[]) => {
    const sorted = values.map(Math.round).sort((a, b) => a - b);
    return `median ${sorted[sorted.length >> 1]}, max ${sorted.at(-1)} ms`;
  };
  console.log(
    `${what}, ${times.length} times: lease ${of(times.map((one) => one.leaseMs))}; first commit ${of(times.map((one) => one.commitMs))}; ${load.sent.length} events; statuses ${JSON.stringify([...load.statuses])}; slowest batch ${Math.round(load.slowestMs)} ms`,
  );
}
