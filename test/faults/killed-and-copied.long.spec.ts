import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pause } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, run, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

/** For a long run: FAULT_KILLS=50. */
const KILLS = Number(process.env['FAULT_KILLS'] ?? 2);
const SENDERS = 6;

describe('the service, killed with SIGKILL and copied at random moments under load', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'minutebook-killed-'));
    folders.push(made);
    return made;
  };
  let serving: ServingProcess | undefined;
  beforeAll(() => build(), 120_000);
  afterAll(async () => {
    await serving?.kill();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  it(
    `loses and doubles nothing that it acknowledged, and nor do its copies: ${KILLS} times`,
    async () => {
      const dataDir = folder();
      const sent: Record<string, unknown>[] = [];
      const answered = new Set<string>();
      for (let kill = 0; kill < KILLS; kill += 1) {
        serving = await ServingProcess.start(dataDir);
        const service = new HttpService(serving.url, keysOf(dataDir));
        let sending = true;
        const senders = Array.from({ length: SENDERS }, async () => {
          while (sending) {
            const batch = Array.from({ length: 1 + Math.floor(Math.random() * 30) }, () =>
              completed({ user_id: 'killed', duration_seconds: 60 }),
            );
            sent.push(...batch);
            const answer = await service.batch(batch).catch(() => undefined);
            for (const { id, status } of answer?.body.results ?? []) {
              if (status === 'recorded') answered.add(id);
            }
          }
        });
        await pause(100 + Math.random() * 900);
        // Like a snapshot of the file system: every file at one moment, including the write-ahead logs.
        serving.signal('SIGSTOP');
        const before = answered.size;
        const copy = folder();
        cpSync(dataDir, copy, { recursive: true });
        serving.signal('SIGCONT');
        await pause(Math.random() * 300);
        await serving.kill();
        sending = false;
        await Promise.all(senders);
        const verified = await run(['verify', '--json'], { DATA_DIR: copy });
        if (verified.stdout === '') throw new Error(`verify: ${verified.stderr}`);
        const { faults, events } = JSON.parse(verified.stdout) as {
          faults: number;
          events: number;
        };
        expect(faults).toBe(0);
        // The ledger's opening is an event too.
        expect(events).toBeGreaterThanOrEqual(before + 1);
        rmSync(copy, { recursive: true });
      }
      serving = await ServingProcess.start(dataDir);
      const service = new HttpService(serving.url, keysOf(dataDir));
      let position = '0';
      let lost = 0;
      for (let from = 0; from < sent.length; from += 5_000) {
        const { body } = await service.batch(sent.slice(from, from + 5_000));
        for (const { id, status } of body.results) {
          if (answered.has(id) && status !== 'duplicate') lost += 1;
        }
        position = body.position;
      }
      const path = `/v1/users/killed/usage-summary?period=2026-10&at_least=${position}`;
      const summary = (await service.get(path)).body;
      const doubled = Number(summary['transcriptions']) - sent.length;
      if (KILLS > 2) {
        console.log({ kills: KILLS, sent: sent.length, answered: answered.size, lost, doubled });
      }
      expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
      expect(answered.size).toBeGreaterThan(20);
      expect(summary['cost_cents']).toBe(3 * sent.length);
      expect(await serving.stop()).toBe(0);
    },
    60_000 + KILLS * 30_000,
  );
});
