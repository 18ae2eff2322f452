import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, run, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

/** Writes until the disk is full. */
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

/** Whether a disk of our own can be made: only by root, on Linux. */
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

/**
 * A file system of our own, in a file that cannot grow. Once the disk below is full, every write fails and it becomes
 * read-only.
 */
class FailingDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'minutebook-failing-'));
  private readonly below = mkdtempSync(join(tmpdir(), 'minutebook-below-'));
  private readonly image = join(this.below, 'disk.img');

  /** @throws Error if this machine cannot make one. */
  constructor() {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', this.below]);
      writeFileSync(this.image, '');
      truncateSync(this.image, 200 * 1_024 * 1_024);
      execFileSync('mkfs.ext4', ['-q', '-F', this.image], { stdio: 'ignore' });
      this.mount();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  fail(): void {
    fill(join(this.below, 'ballast'));
  }

  /** Checks the file system and mounts it again, as an operator would. */
  mend(): void {
    execFileSync('umount', [this.path]);
    rmSync(join(this.below, 'ballast'));
    const { status } = spawnSync('fsck.ext4', ['-y', this.image], { stdio: 'ignore' });
    // Status 1 means that faults were repaired.
    expect([0, 1]).toContain(status);
    this.mount();
  }

  remove(): void {
    for (const place of [this.path, this.below]) {
      spawnSync('umount', ['-l', place], { stdio: 'ignore' });
      rmSync(place, { recursive: true, force: true });
    }
  }

  private mount(): void {
    execFileSync('mount', ['-o', 'loop,errors=remount-ro', this.image, this.path], {
      stdio: 'ignore',
    });
  }
}

/** Whether such a disk can be made. A container usually has no loop devices. */
function canFail(): boolean {
  try {
    new FailingDisk().remove();
    return true;
  } catch {
    return false;
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

  it('refuses with Retry-After while the disk is full, and records the same events once when there is room', async () => {
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
    // Batches answered with 200 are there; refused ones are missing, or there as a whole.
    expect(duplicates).toBeGreaterThanOrEqual(taken);
    await eventually(async () => (await service.get('/health/ready')).status === 200);
    const path = `/v1/users/full/usage-summary?period=2026-10&at_least=${position}`;
    const { body } = await service.get(path);
    expect(body['transcriptions']).toBe(200 * (sent.length + 1));
    expect(await serving.stop()).toBe(0);
    const verified = await run(['verify', '--json'], { DATA_DIR: disk });
    expect(JSON.parse(verified.stdout)).toMatchObject({ faults: 0 });
  }, 60_000);

  it('does not start on a read-only disk, and says why', async () => {
    serving = await ServingProcess.start(disk);
    expect(await serving.stop()).toBe(0);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { status, stderr } = await run(['serve'], { DATA_DIR: disk, PORT: '0' });
    expect(status).toBe(1);
    expect(stderr.trim().split('\n').length).toBeLessThan(4);
    expect(stderr).toMatch(/read-only|EROFS|READONLY|can ?not be (written|opened|made)/i);
  });
});

const onFailingDisk = canMount() && canFail() ? describe : describe.skip;
onFailingDisk('the service on a disk that fails and turns read-only (needs root)', () => {
  let disk: FailingDisk;
  let serving: ServingProcess | undefined;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (disk = new FailingDisk()));
  afterEach(async () => {
    await serving?.kill();
    disk.remove();
  });

  it('refuses with Retry-After, keeps answering, and has every acknowledged event after a repair', async () => {
    const dataDir = join(disk.path, 'data');
    serving = await ServingProcess.start(dataDir);
    const first = new HttpService(serving.url, keysOf(dataDir));
    const before = Array.from({ length: 50 }, () => completed({ user_id: 'ro' }));
    const { position } = (await first.batch(before)).body;
    const path = `/v1/users/ro/usage-summary?period=2026-10&at_least=${position}`;
    expect((await first.get(path)).body['transcriptions']).toBe(50);
    disk.fail();
    const sent = [...before];
    let taken = before.length;
    for (let refused = 0; refused < 2 && sent.length < 100;) {
      const event = completed({ user_id: 'ro' });
      sent.push(event);
      const { status, headers, body } = await first.one(event);
      // A write that still finds room on the disk below succeeds.
      if (status === 201) taken += 1;
      else {
        refused += 1;
        expect([status, (body as { code?: string }).code]).toEqual([503, 'store_unavailable']);
        expect(headers.get('retry-after')).toBe('1');
      }
    }
    expect(sent.length - taken).toBe(2);
    expect((await first.get(path)).status).toBe(200);
    // Its files can no longer be written: it says so, and exits.
    expect(await serving.stop()).toBe(1);
    expect(serving.said()).toContain('read-only file system');
    disk.mend();
    serving = await ServingProcess.start(dataDir);
    const second = new HttpService(serving.url, keysOf(dataDir));
    const again = await second.batch(sent);
    const statuses = again.body.results.map(({ status }) => status);
    expect(statuses.slice(0, taken)).toEqual(Array(taken).fill('duplicate'));
    const now = path.replace(/\d+$/, again.body.position);
    expect((await second.get(now)).body['transcriptions']).toBe(sent.length);
    expect(await serving.stop()).toBe(0);
    const verified = await run(['verify', '--json'], { DATA_DIR: dataDir });
    expect(JSON.parse(verified.stdout)).toMatchObject({ faults: 0 });
  }, 90_000);
});
