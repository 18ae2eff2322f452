import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keysOf } from '../support/keys';
import { build, run, Running, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

describe('the command erase-user', () => {
  let dataDir: string;
  let serving: ServingProcess;
  let service: HttpService;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-erase-'));
    serving = await ServingProcess.start(dataDir);
    service = new HttpService(serving.url, keysOf(dataDir));
    await service.batch(
      ['ann', 'bob'].map((user_id) => completed({ user_id, original_filename: `${user_id}.wav` })),
    );
  }, 60_000);
  afterEach(async () => {
    await serving.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const erase = (...args: readonly string[]) => run(['erase-user', ...args], { DATA_DIR: dataDir });
  const names = async (user: string) => {
    const path = `/v1/users/${user}/usage-logs`;
    const { body } = await service.get<{ items: { original_filename: string | null }[] }>(path);
    return body.items.map((log) => log.original_filename);
  };

  it('erases through a running service, says since when, and the ledger verifies', async () => {
    const key = keysOf(dataDir).admin;
    const through = ['--url', serving.url, '--key', key];
    const { status, stdout } = await erase('ann', '--reason', 'asked', ...through);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ann was erased at \d{4}-\S+Z \(position \d+\)\.\n$/);
    expect([await names('ann'), await names('bob')]).toEqual([[null], ['bob.wav']]);
    const again = await erase('ann', '--reason', 'asked twice', '--json', ...through);
    expect(JSON.parse(again.stdout)).toMatchObject({ user_id: 'ann', unsealed_events: 0 });
    expect(again.status).toBe(0);
    expect(await run(['verify', '--json'], { DATA_DIR: dataDir })).toMatchObject({ status: 0 });
  }, 60_000);

  it('erases without a service, and refuses while a service has the ledger open', async () => {
    const refused = await erase('ann', '--reason', 'asked');
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(String(serving.pid));
    await serving.stop();
    expect(await erase('ann', '--reason', 'asked')).toMatchObject({ status: 0 });
    serving = await ServingProcess.start(dataDir);
    service = new HttpService(serving.url, keysOf(dataDir));
    expect([await names('ann'), await names('bob')]).toEqual([[null], ['bob.wav']]);
  }, 60_000);

  it('says at once that it waits for a service that is down, and in the end what to do', async () => {
    const { url } = serving;
    await serving.stop();
    const args = ['erase-user', 'ann', '--reason', 'asked', '--url', url, '--key', 'a key'];
    const running = new Running(args, { DATA_DIR: dataDir });
    await running.says(`Ledger: that of the service at ${url}\n`);
    await running.says(`No service answers at ${url} (`);
    await running.says('Waiting for it, for up to 30 s.\n');
    expect(running.said).not.toContain('Start it');
    const { status, said } = await running.ends();
    expect(status).toBe(1);
    expect(said).toMatch(
      /Start it, or correct the address\. If no service has the ledger open, leave out --url: the command then does it in its own process\.\n$/,
    );
  }, 90_000);

  it('refuses an unknown user, and an erasure without a reason', async () => {
    const unknown = await erase('nobody', '--reason', 'asked', '--url', serving.url);
    expect([unknown.status, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toContain('names the user nobody');
    const silent = await erase('ann', '--url', serving.url);
    expect(silent.status).toBe(2);
    expect(silent.stderr).toContain('Give --reason: why');
    expect(await names('ann')).toEqual(['ann.wav']);
  }, 60_000);
});
