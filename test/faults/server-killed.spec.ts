import { exec } from 'node:child_process';
import { promisify } from 'node:util';

import { newPrefix } from '../support/event-store-server';
import { eventually, pause } from '../support/eventually';
import { completed, TestService } from '../support/service';

const run = promisify(exec);

/**
 * A server that may be killed: its address, and the shell commands that start it (and return when it is ready), stop it
 * and kill it with SIGKILL. Its data must outlive a kill.
 */
const URL_OF_SERVER = process.env['TEST_EVENT_STORE_MORTAL_URL'];
const START = process.env['TEST_EVENT_STORE_START'];
const STOP = process.env['TEST_EVENT_STORE_STOP'];
const KILL = process.env['TEST_EVENT_STORE_KILL'];
const given = [URL_OF_SERVER, START, STOP, KILL].every((one) => one !== undefined);

(given ? describe : describe.skip)(
  'the service, when its EventStoreDB is stopped or killed',
  () => {
    let service: TestService;

    beforeAll(async () => {
      await run(START!);
      service = await TestService.start({
        environment: { EVENT_STORE_URL: URL_OF_SERVER!, STREAM_PREFIX: newPrefix() },
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
        const user = name.replaceAll(' ', '-');
        const sent: Record<string, unknown>[] = [];
        const acknowledged = new Map<string, string>();
        const statuses = new Set<number>();
        let running = true;
        const producers = Array.from({ length: 4 }, async () => {
          while (running) {
            const batch = Array.from({ length: 50 }, () =>
              completed({ user_id: user, duration_seconds: 60 }),
            );
            sent.push(...batch);
            const { status, headers, body } = await service.batch(batch);
            statuses.add(status);
            if (status === 503) {
              expect(headers.get('retry-after')).toBe('1');
              continue;
            }
            for (const { id, status: verdict, position } of body.results) {
              expect(verdict).toBe('recorded');
              acknowledged.set(id, position!);
            }
          }
        });
        await pause(700 + Math.random() * 1_000);
        await run(command());
        await pause(1_000);
        const down = await service.get('/health/ready');
        expect(down.status).toBe(503);
        await run(START!);
        await eventually(async () => (await service.get('/health/ready')).status === 200);
        const before = acknowledged.size;
        await eventually(() => acknowledged.size > before);
        running = false;
        await Promise.all(producers);
        expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);

        let position = '0';
        const places = new Map<string, string>();
        for (let from = 0; from < sent.length; from += 1_000) {
          const { status, body } = await service.batch(sent.slice(from, from + 1_000));
          expect(status).toBe(200);
          body.results.forEach((result) => places.set(result.id, result.position!));
          for (const { id, status: verdict } of body.results) {
            if (acknowledged.has(id)) expect(verdict).toBe('duplicate');
          }
          position = body.position;
        }
        for (const [id, place] of acknowledged) expect(places.get(id)).toBe(place);
        const path = `/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`;
        const { body } = await service.get<{ transcriptions: number; billed_seconds: string }>(
          path,
        );
        expect(body).toMatchObject({
          transcriptions: sent.length,
          billed_seconds: String(60 * sent.length),
        });
        expect(acknowledged.size).toBeGreaterThan(0);
      },
      180_000,
    );
  },
);
