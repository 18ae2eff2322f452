import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as send, type ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, run, ServingProcess, start } from '../support/process';

const LIST = '/v1/audit/reconciliations?provider=google&period=2026-10';
const HEAD = 'request_id,duration_seconds\n';

describe('temporary files', () => {
  let folder: string;
  let temporary: string;
  const running: ServingProcess[] = [];
  beforeAll(() => build(), 120_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-left-over-'));
    temporary = join(folder, 'tmp');
    mkdirSync(temporary);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (name: string) => {
    running.push(
      await ServingProcess.start(join(folder, name), { TMPDIR: temporary, LOG_LEVEL: 'debug' }),
    );
    return running.at(-1)!;
  };
  const ours = (kind = 'bodies') =>
    readdirSync(temporary).filter((name) => name.startsWith(`minutebook-${kind}-`));
  /** Begins to send a list, and waits until its first part is in a file. */
  const beginList = async ({ url }: ServingProcess, name: string) => {
    const before = ours();
    const authorization = `Bearer ${keysOf(join(folder, name)).finance}`;
    const headers = { 'content-type': 'text/csv', authorization };
    const sent = send(`${url}${LIST}`, { method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.write(HEAD);
    let found: string[] = [];
    await eventually(() => {
      found = ours().filter((one) => !before.includes(one) && !one.includes('-new-'));
      return found.length === 1;
    });
    return { sent, body: found[0]! };
  };
  const statusOf = (sent: ClientRequest) =>
    new Promise((resolve) => {
      sent.once('response', ({ statusCode }) => resolve(statusCode));
      sent.end('r-1,5\n');
    });

  it('of a killed process are removed by the next start, but not those of a running process', async () => {
    const killed = await serve('killed');
    const other = await serve('other');
    const one = await beginList(killed, 'killed');
    const two = await beginList(other, 'other');
    await killed.kill();
    expect(ours().sort()).toEqual([one.body, two.body].sort());
    writeFileSync(join(temporary, 'minutebook-bodies-abcdef'), 'no folder');
    symlinkSync(folder, join(temporary, 'minutebook-bodies-ghijkl'));
    mkdirSync(join(temporary, 'minutebook-bodies-my-own'));
    await serve('killed');
    await eventually(() => !ours().includes(one.body));
    // The running process continues, and files that are not the service's stay.
    expect(await statusOf(two.sent)).toBe(202);
    expect(ours()).toEqual(
      expect.arrayContaining([
        two.body,
        'minutebook-bodies-abcdef',
        'minutebook-bodies-ghijkl',
        'minutebook-bodies-my-own',
      ]),
    );
    expect(await other.stop()).toBe(0);
    expect(ours()).not.toContain(two.body);
  }, 60_000);

  it('are removed, and the log says so, when a client leaves in the middle of its upload', async () => {
    const serving = await serve('left');
    const { sent, body } = await beginList(serving, 'left');
    const bodies = () => readdirSync(join(temporary, body)).filter((name) => name !== 'lock');
    await eventually(() => bodies().length === 1);
    sent.destroy();
    await eventually(() => bodies().length === 0);
    const line = 'POST /v1/audit/reconciliations: the client left';
    await eventually(() => serving.said().includes(line));
    expect(serving.said().split(line)).toHaveLength(2);
    expect(serving.said()).not.toMatch(/error/i);
    expect(await serving.stop()).toBe(0);
  }, 60_000);

  it('of the command are removed by its next run', async () => {
    const environment = { DATA_DIR: join(folder, 'data'), TMPDIR: temporary };
    await (await serve('data')).stop();
    const list = join(folder, 'list.csv');
    writeFileSync(list, `${HEAD}${'r,5\n'.repeat(500_000)}`);
    const args = ['reconcile', '--provider', 'google', '--period', '2026-10', list];
    const command = start(args, environment);
    const locked = () => ours('reconcile').filter((name) => !name.includes('-new-'));
    await eventually(() => locked().length === 1);
    await command.kill();
    expect(locked()).toHaveLength(1);
    writeFileSync(list, HEAD);
    expect(await run(args, environment)).toMatchObject({ status: 0 });
    expect(ours('reconcile')).toEqual([]);
  }, 60_000);
});
