import { exec } from 'node:child_process';
import { promisify } from 'node:util';

import { newPrefix } from '../support/event-store-server';
import { eventually, pause } from '../support/eventually';
import { Producers } from '../support/producers';
import { build } from '../support/process';
import { ProcessService } from '../support/process-service';

const run = promisify(exec);

/**
 * A cluster of three nodes: its address, and the shell commands that start it (returning when it has a leader), stop
 * it, kill the leading node with SIGKILL, and start the node that was killed last. The last command returns when that
 * node follows. A former leader may exit once by itself, to discard what the others lack, and then needs another start.
 */
const URL_OF_CLUSTER = process.env['TEST_EVENT_STORE_CLUSTER_URL'];
const START = process.env['TEST_EVENT_STORE_CLUSTER_START'];
const STOP = process.env['TEST_EVENT_STORE_CLUSTER_STOP'];
const KILL_LEADER = process.env['TEST_EVENT_STORE_CLUSTER_KILL_LEADER'];
const START_KILLED = process.env['TEST_EVENT_STORE_CLUSTER_START_KILLED'];
const commands = [START, STOP, KILL_LEADER, START_KILLED];
const given = [URL_OF_CLUSTER, ...commands].every((one) => one !== undefined);

(given ? describe : describe.skip)(
  'the service on three nodes, when their leader is killed',
  () => {
    const prefix = newPrefix();
    const environment = { EVENT_STORE_URL: URL_OF_CLUSTER ?? '', STREAM_PREFIX: prefix };
    let service: ProcessService;

    beforeAll(async () => {
      build();
      await run(START!);
      service = await ProcessService.start(environment);
    }, 120_000);
    afterAll(async () => {
      await service?.close();
      await run(STOP!);
    }, 120_000);

    it.each([['killed once'], ['the next one killed'], ['and the one after it']])(
      '%s under load: it continues with the other two, every acknowledged event is there once, and the summary is exact',
      async (name) => {
        const producers = new Producers(service, name.replaceAll(' ', '-'));
        await pause(700 + Math.random() * 1_000);
        await run(KILL_LEADER!);
        const atKill = producers.acknowledged.size;
        const killed = Date.now();
        // More events than can have been in flight; nobody starts the third node meanwhile.
        await eventually(() => producers.acknowledged.size > atKill + 1_000);
        expect(Date.now() - killed).toBeLessThan(20_000);
        await eventually(async () => (await service.get('/health/ready')).status === 200);
        await run(START_KILLED!);
        await pause(1_000);
        await producers.stop();
        await producers.expectEachOnce();

        // A service started afterwards reads the same from the remaining nodes.
        const another = await ProcessService.start(environment);
        try {
          const head = (await another.get<{ head: string }>('/health/ready')).body.head;
          await producers.expectSummary(another, head);
        } finally {
          await another.close();
        }
      },
      180_000,
    );
  },
);
