import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pause } from '../support/eventually';
import { describeWithPostgres, newDatabase } from '../support/postgres';
import { build, ServingProcess } from '../support/process';
import { TellingLoad } from '../support/telling-load';

const KILLS = Number(process.env['RUNS'] ?? 4);
const REST_MS = 150;
/** Each webhook has four deliveries under way at once; these may be repeated after a kill. */
const LANES = 4;

function killed(database: () => Promise<Readonly<Record<string, string>>>): void {
  let dataDir: string;
  let service: ServingProcess;
  let load: TellingLoad;
  let environment: Readonly<Record<string, string>>;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-killed-'));
    environment = { WEBHOOK_ALLOW_PRIVATE: 'true', ...(await database()) };
    service = await ServingProcess.start(dataDir, environment);
    load = new TellingLoad((path, init) => service.fetch(path, init), 50 * KILLS);
    await load.prepare([0]);
  }, 60_000);
  afterEach(async () => {
    await service.kill();
    await load.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it(
    'loses no delivery, and reaches no alert twice, however often it is killed',
    async () => {
      const running = load.run(REST_MS);
      for (let kills = 0; kills < KILLS; kills += 1) {
        await pause(700);
        await service.kill();
        service = await ServingProcess.start(dataDir, environment);
      }
      await running;
      const told = await load.expectAllTold();
      console.log(`${KILLS} kills: ${JSON.stringify(told)}`);
      expect(told.doubled).toBeLessThanOrEqual(KILLS * LANES);
    },
    180_000 + KILLS * 45_000,
  );
}

describe('a service that is killed while it sends webhooks', () =>
  killed(() => Promise.resolve({})));

describeWithPostgres('a service on PostgreSQL that is killed while it sends webhooks', () => {
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
