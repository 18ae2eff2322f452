import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, run, ServingProcess } from '../support/process';

beforeAll(() => build(), 120_000);

describe('the command keys', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-keys-'))));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const keys = (...args: readonly string[]) => run(['keys', ...args], { DATA_DIR: dataDir });
  const add = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await keys('add', ...args);
    expect([status, stderr.includes('shown only once')]).toEqual([0, true]);
    return { key: stdout.trim(), id: /^(key_\S+)/.exec(stderr)![1]! };
  };
  const status = (url: string, key: string, path = '/v1/users/ann/usage-summary') =>
    fetch(url + path, { headers: { authorization: `Bearer ${key}` } }).then((one) => one.status);

  it('adds and revokes beside a running service, which notices within two seconds', async () => {
    const service = await ServingProcess.start(dataDir);
    const { key, id } = await add('--role', 'reader', '--name', 'ann', '--user', 'ann');
    expect(await status(service.url, key)).toBe(200);
    expect(await status(service.url, key, '/v1/users/bob/usage-summary')).toBe(403);
    const listed = await keys('list');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toContain('"ann" for ann');
    expect(listed.stdout).not.toContain(key);
    const revoked = await keys('revoke', id);
    expect([revoked.status, revoked.stderr]).toEqual([0, '']);
    const since = performance.now();
    await eventually(async () => (await status(service.url, key)) === 401);
    expect(performance.now() - since).toBeLessThan(2_000);
    await service.stop();
  }, 60_000);

  it.each([
    [['add', '--name', 'a'], "Required option '--role <role>' not specified."],
    [['add', '--role', 'reader', '--name', 'a', '--source', 'x'], '--source binds a producer'],
    [
      ['add', '--role', 'reader', '--name', 'a', '--expires-at', '2020-01-01T00:00:00Z'],
      '--expires-at must be in the future',
    ],
    [['revoke'], "Missing required argument 'id'."],
    [[], 'Usage: '],
  ])('refuses %j as wrong use, before it changes anything', async (args, says) => {
    const { status, stdout, stderr } = await keys(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(existsSync(join(dataDir, 'keys.db'))).toBe(false);
  });

  it('refuses to revoke an unknown key, and the last admin key', async () => {
    const { id } = await add('--role', 'admin', '--name', 'a');
    const none = await keys('revoke', 'key_none');
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('no key')]);
    const last = await keys('revoke', id);
    expect([last.status, last.stderr]).toEqual([1, expect.stringContaining('last admin key')]);
  });

  it('makes the first keys once, before there is a ledger', async () => {
    const first = await keys('init', '--json');
    expect(JSON.parse(first.stdout)).toEqual({ made: join(dataDir, 'initial-keys.json') });
    const made = keysOf(dataDir);
    expect((await keys('init')).stdout).toContain('None were made');
    const service = await ServingProcess.start(dataDir);
    expect(keysOf(dataDir)).toEqual(made);
    expect(await status(service.url, made.reader)).toBe(200);
    await service.stop();
  }, 60_000);
});

describe('a start', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-keys-'))));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('says where the first keys are, but never shows them', async () => {
    const service = await ServingProcess.start(dataDir);
    const file = join(dataDir, 'initial-keys.json');
    await eventually(() => Promise.resolve(service.said().includes(`are in ${file}`)));
    expect(await service.stop()).toBe(0);
    expect(service.said()).not.toContain('mb_');
  }, 60_000);

  it('on an address that others can reach is refused without a key, and says what to do', async () => {
    for (const HOST of ['0.0.0.0', '::']) {
      const { status, stderr } = await run(['serve'], { DATA_DIR: dataDir, PORT: '0', HOST });
      expect(status).toBe(1);
      expect(stderr).toMatch(/HOST is ".*", which others can reach.*the command keys init/s);
      expect(existsSync(join(dataDir, 'initial-keys.json'))).toBe(false);
    }
  }, 60_000);

  it('on such an address succeeds once there is a key', async () => {
    const key = (
      await run(['keys', 'add', '--role', 'reader', '--name', 'a'], { DATA_DIR: dataDir })
    ).stdout.trim();
    const service = await ServingProcess.start(dataDir, { HOST: '0.0.0.0' });
    expect(existsSync(join(dataDir, 'initial-keys.json'))).toBe(false);
    const { port } = new URL(service.url);
    const answer = await fetch(`http://127.0.0.1:${port}/v1/users/ann/usage-summary`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    await service.stop();
  }, 60_000);

  it('on such an address does not count a key that has expired or was revoked', async () => {
    const soon = new Date(Date.now() + 3_000).toISOString();
    await run(['keys', 'add', '--role', 'reader', '--name', 'a', '--expires-at', soon], {
      DATA_DIR: dataDir,
    });
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    const { status, stderr } = await run(['serve'], { DATA_DIR: dataDir, PORT: '0', HOST: '::' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('there is no usable API key')]);
    expect(readFileSync(join(dataDir, 'keys.db')).length).toBeGreaterThan(0);
  }, 60_000);
});
