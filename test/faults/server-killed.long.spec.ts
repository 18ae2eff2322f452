import { exec } from 'node:child_process';
import { promisify } from 'node:util';

import { newPrefix } from '../support/event-store-server';
import { eventually, pause } from '../support/eventually';
import { Producers } from '../support/producers';
import { build } from '../support/process';
import { ProcessService } from '../support/process-service';

const run = promisify(exec);

/**
 * A server that may be killed: its address, and the shell commands that start it (returning when it is ready), stop it,
 * and kill it with SIGKILL. Its data must survive a kill.
 */
const URL_OF_SERVER = process.env['TEST_EVENT_STORE_MORTAL_URL'];
const START = process.env['TEST_EVENT_STORE_START'];
const STOP = process.env['TEST_EVENT_STORE_STOP'];
const KILL = process.env['TEST_EVENT_STORE_KILL'];
const given = [URL_OF_SERVER, START, STOP, KILL].every((one) => one !== undefined);

(given ? describe : describe.skip)(
  'the service, when its EventStoreDB is stopped or killed',
  () => {
    let service: ProcessService;

    beforeAll(async () => {
      build();
      await run(START!);
      service = await ProcessService.start({
        EVENT_STORE_URL: URL_OF_SERVER!,
        STREAM_PREFIX: newPrefix(),
      });
    }, 120_000);
    afterAll(async () => {
      await service?.close();
      await run(STOP!);
    }, 120_000);

    it.each([
      ['killed with SIGKILL', () => KILL!],
      ['stopped', () => STOP!],
      ['killed with SIGKILL again', () => KILL!],
    ])(
      '%s under load: every acknowledged event is there once, and the summary is exact',
      async (name, command) => {
        const producers = new Producers(service, name.replaceAll(' ', '-'));
        await pause(700 + Math.random() * 1_000);
        await run(command());
        await pause(1_000);
        const down = await service.get('/health/ready');
        expect(down.status).toBe(503);
        await run(START!);
        await eventually(async () => (await service.get('/health/ready')).status === 200);
        const before = producers.acknowledged.size;
        await eventually(() => producers.acknowledged.size > before);
        await producers.stop();
        await producers.expectEachOnce();
      },
      180_000,
    );
  },
);
