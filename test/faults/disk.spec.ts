import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, run, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

/** Writes until nothing more fits. */
function fill(path: string): void {
  for (;;) {
    try {
      appendFileSync(path, Buffer.alloc(64 * 1_024));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      return;
    }
  }
}

/** A disk of our own can be made by root on Linux alone. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'minutebook-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

(canMount() ? describe : describe.skip)('the service on a disk of its own (needs root)', () => {
  let disk: string;
  let serving: ServingProcess | undefined;
  beforeAll(() => build(), 120_000);
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'minutebook-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
  });
  afterEach(async () => {
    await serving?.kill();
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('refuses with Retry-After while it is full, and takes the same events once when there is room', async () => {
    serving = await ServingProcess.start(disk);
    const service = new HttpService(serving.url, keysOf(disk));
    const batch = () => Array.from({ length: 200 }, () => completed({ user_id: 'full' }));
    const first = batch();
    expect((await service.batch(first)).status).toBe(200);
    const ballast = join(disk, 'ballast');
    fill(ballast);
    const sent = [first];
    let refused = 0;
    let taken = 1;
    for (let tries = 0; refused < 3 && tries < 200; tries += 1) {
      const events = batch();
      sent.push(events);
      const { status, headers, body } = await service.batch(events);
      if (status === 200) taken += 1;
      else {
        refused += 1;
        expect({ status, code: body.code, again: headers.get('retry-after') }).toEqual({
          status: 503,
          code: 'store_unavailable',
          again: '1',
        });
      }
    }
    expect(refused).toBe(3);
    rmSync(ballast);
    let position = '0';
    await eventually(async () => (await service.batch(batch())).status === 200);
    let duplicates = 0;
    for (const events of sent) {
      const { status, body } = await service.batch(events);
      expect(status).toBe(200);
      if (body.results.every((one) => one.status === 'duplicate')) duplicates += 1;
      position = body.position;
    }
    // What was answered 200 is there; what was refused was not, or as a whole.
    expect(duplicates).toBeGreaterThanOrEqual(taken);
    await eventually(async () => (await service.get('/health/ready')).status === 200);
    const path = `/v1/users/full/usage-summary?period=2026-10&at_least=${position}`;
    const { body } = await service.get(path);
    expect(body['transcriptions']).toBe(200 * (sent.length + 1));
    expect(await serving.stop()).toBe(0);
    const verified = await run(['verify', '--json'], { DATA_DIR: disk });
    expect(JSON.parse(verified.stdout)).toMatchObject({ faults: 0 });
  }, 60_000);

  it('does not start on one that can only be read, and says why', async () => {
    serving = await ServingProcess.start(disk);
    expect(await serving.stop()).toBe(0);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { status, stderr } = await run(['serve'], { DATA_DIR: disk, PORT: '0' });
    expect(status).toBe(1);
    expect(stderr.trim().split('\n').length).toBeLessThan(4);
    expect(stderr).toMatch(/read-only|EROFS|READONLY|can ?not be (written|opened|made)/i);
  }, 30_000);
});
