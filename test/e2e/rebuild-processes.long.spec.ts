import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { SqliteServedReadModel } from '../../src/read-model/sqlite/live-read-model';
import { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { keysOf } from '../support/keys';
import { build, command, run, runOf, ServingProcess } from '../support/process';
import { completed, TestService } from '../support/service';

interface Rebuilt {
  readonly position: string;
  readonly size: number;
  readonly resumed_from: number;
  readonly through: string | null;
}

const EVENTS = 2_500;
/** The ledger's opening event comes before them. */
const SIZE = EVENTS + 1;
/** The step at which a new file takes effect, among the steps that put it in the old one's place. */
const READY_STEP = 3;
const STEPS = 8;

/** The number of events that the command folds per page. */
const PAGE = 1_000;

const KILLED = { NODE_OPTIONS: `--require ${join(__dirname, '../support/killed-at.cjs')}` };
const killedAt = (step: number) => ({ ...KILLED, KILL_AT: String(step) });

describe('interrupted rebuilds', () => {
  const folders: string[] = [];
  let origin: string;
  /** A copy of the ledger, as after a power cut, in which `ann` is charged ten times as much. */
  const edited = () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-rebuild-'));
    folders.push(folder);
    const db = new Database(join(origin, 'read-models.db'));
    try {
      db.pragma('wal_autocheckpoint = 0');
      const edit = (from: number, to: number) =>
        db
          .prepare(
            `UPDATE statements SET summaries = replace(summaries, '"usage_cost_cents":${from}', '"usage_cost_cents":${to}') WHERE user_id = 'ann'`,
          )
          .run();
      edit(60, 600);
      // The edit is in the write-ahead log beside the file, and the copy includes it.
      cpSync(origin, folder, { recursive: true });
      edit(600, 60);
    } finally {
      db.close();
    }
    expect(existsSync(join(folder, 'read-models.db-wal'))).toBe(true);
    return folder;
  };
  const rebuild = async (folder: string, ...options: string[]) => {
    const environment = { DATA_DIR: folder };
    const { status, stdout, stderr } = await run(['rebuild', '--json', ...options], environment);
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Rebuilt;
  };
  /** What `ann` owes, read from the file as a service opens it. */
  const centsIn = async (folder: string) => {
    const path = join(folder, 'read-models.db');
    const live = await SqliteServedReadModel.open(path);
    const row = await live.queries
      .selectFrom('statements')
      .select('summaries')
      .where('user_id', '=', 'ann')
      .executeTakeFirstOrThrow();
    await live.close();
    const db = new Database(path);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    return (JSON.parse(row.summaries) as { TWD: { usage_cost_cents: number } }).TWD
      .usage_cost_cents;
  };
  const verified = async (folder: string) => {
    const { status, stdout } = await run(['replay', '--json'], { DATA_DIR: folder });
    const { differences, size } = JSON.parse(stdout) as { differences: number; size: number };
    return { status, differences, size };
  };
  /** The number of events in the half-built file. */
  const filled = (folder: string) => {
    const db = new Database(join(folder, 'read-models.db.next'), { readonly: true });
    try {
      return db.prepare('SELECT size FROM checkpoints').pluck().get() as number;
    } finally {
      db.close();
    }
  };

  beforeAll(async () => {
    build();
    const service = await TestService.start({ now: () => Date.parse('2026-11-20T00:00:00Z') });
    origin = mkdtempSync(join(tmpdir(), 'minutebook-rebuild-'));
    folders.push(origin);
    const usage = Array.from({ length: EVENTS }, (_, at) =>
      completed({ user_id: at < 10 ? 'ann' : `user-${at % 200}` }),
    );
    const { body } = await service.batch(usage);
    await service.get(`/v1/users/ann/usage-summary?at_least=${body.position}`);
    await service.service.close();
    cpSync(service.dataDir, origin, { recursive: true });
    rmSync(service.dataDir, { recursive: true });
  }, 120_000);
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  it.each(['1', '2', '4'])(
    'are resumed, not restarted, when killed while filling on %s threads',
    async (threads) => {
      const folder = edited();
      const killing = { DATA_DIR: folder, ...KILLED, KILL_AFTER: '1' };
      const child = await run(['rebuild', '--threads', threads], killing);
      expect(child.status).toBeNull();
      expect(filled(folder)).toBe(PAGE);
      expect(await centsIn(folder)).toBe(600);
      expect(await rebuild(folder, '--threads', threads)).toMatchObject({
        size: SIZE,
        resumed_from: PAGE,
        through: null,
      });
      expect(await centsIn(folder)).toBe(60);
      expect(await verified(folder)).toEqual({ status: 0, differences: 0, size: SIZE });
    },
    120_000,
  );

  it.each(['0', '9', 'two', '1.5'])('are refused with %s threads', async (threads) => {
    const { status, stderr } = await run(['rebuild', '--threads', threads], { DATA_DIR: origin });
    expect(status).toBe(2);
    expect(stderr).toContain(`--threads must be a whole number from 1 to 8, not ${threads}.`);
  });

  it('leave the old file or the new one, complete, wherever they are killed during the switch', async () => {
    const began = edited();
    // Filled once, so that each try covers only the switch.
    const first = await run(['rebuild'], { DATA_DIR: began, ...killedAt(1) });
    expect(first.status).toBeNull();
    for (let step = 1; step <= STEPS; step += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'minutebook-rebuild-'));
      folders.push(folder);
      cpSync(began, folder, { recursive: true });
      const killed = await run(['rebuild'], { DATA_DIR: folder, ...killedAt(step) });
      expect([step, killed.status]).toEqual([step, null]);
      expect([step, await centsIn(folder)]).toEqual([step, step < READY_STEP ? 600 : 60]);
      if (step >= READY_STEP) continue;
      expect(await rebuild(folder)).toMatchObject({ size: SIZE, resumed_from: SIZE });
      expect([step, await centsIn(folder)]).toEqual([step, 60]);
    }
    const whole = await run(['rebuild'], { DATA_DIR: began, ...killedAt(STEPS + 1) });
    expect(whole.status).toBe(0);
    expect(await verified(began)).toEqual({ status: 0, differences: 0, size: SIZE });
  }, 120_000);

  it('are completed by the next service to start; until then, readers are told about them', async () => {
    const folder = edited();
    const killed = await run(['rebuild'], { DATA_DIR: folder, ...killedAt(READY_STEP + 2) });
    expect(killed.status).toBeNull();
    await expect(SqliteReadModel.openReader(join(folder, 'read-models.db'))).rejects.toThrow(
      'was interrupted',
    );
    const service = await ServingProcess.start(folder);
    const summary = await service.fetch('/v1/users/ann/usage-summary?period=2026-10');
    expect(await summary.json()).toMatchObject({ cost_cents: 60 });
    await service.stop();
    expect(await verified(folder)).toEqual({ status: 0, differences: 0, size: SIZE });
  }, 120_000);

  it.each([1, 4, 7])(
    'leave a service sound that is killed at step %d',
    async (step) => {
      const folder = edited();
      const service = await ServingProcess.start(folder, killedAt(step));
      await service.fetch('/v1/audit/rebuilds', { method: 'POST' });
      await service.gone();
      const again = await ServingProcess.start(folder);
      const summary = await again.fetch('/v1/users/ann/usage-summary?period=2026-10');
      expect(await summary.json()).toMatchObject({ cost_cents: step < READY_STEP ? 600 : 60 });
      const through = await run(['rebuild', '--json', '--url', again.url], { DATA_DIR: folder });
      expect(JSON.parse(through.stdout)).toMatchObject({
        size: SIZE,
        resumed_from: step < READY_STEP ? SIZE : 0,
        through: again.url,
      });
      await again.stop();
      expect(await verified(folder)).toEqual({ status: 0, differences: 0, size: SIZE });
    },
    60_000,
  );

  it('say plainly that the disk is full, and resume once it is not', async () => {
    const folder = edited();
    const limited = `trap '' XFSZ; ulimit -f 1400; exec "$@"`;
    const failed = await runOf(['bash', '-c', limited, 'bash', ...command(['rebuild', '--json'])], {
      DATA_DIR: folder,
    });
    expect([failed.status, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(
      /read-models\.db\.next could not be written: the disk .*as they were/,
    );
    expect(await centsIn(folder)).toBe(600);
    const { size, resumed_from } = await rebuild(folder);
    expect(size).toBe(SIZE);
    expect(resumed_from).toBeGreaterThan(0);
    expect(await centsIn(folder)).toBe(60);
  }, 120_000);

  it('repair a file that is no database, and discard a half-built file of another ledger', async () => {
    const folder = edited();
    cpSync(join(folder, 'events.db'), join(folder, 'read-models.db'));
    rmSync(join(folder, 'read-models.db-wal'));
    const other = edited();
    cpSync(join(other, 'read-models.db'), join(folder, 'read-models.db.next'));
    const db = new Database(join(folder, 'read-models.db.next'));
    db.exec('UPDATE merkle_tiles SET hashes = substr(hashes, 2) || substr(hashes, 1, 1)');
    db.close();
    expect(await rebuild(folder)).toMatchObject({ size: SIZE, resumed_from: 0 });
    expect(await verified(folder)).toEqual({ status: 0, differences: 0, size: SIZE });
  }, 120_000);
});

describe('the command rebuild beside a service', () => {
  let folder: string;
  let service: ServingProcess;
  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-rebuild-'));
    service = await ServingProcess.start(folder);
    const response = await service.fetch('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(completed()),
    });
    const { position } = (await response.json()) as { position: string };
    await service.fetch(`/v1/audit/root?at_least=${position}`);
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  it('lets a running service do the rebuild, and says so', async () => {
    const { port } = new URL(service.url);
    const done = await run(['rebuild'], { DATA_DIR: folder, PORT: port });
    expect(done.status).toBe(0);
    expect(done.stderr).toContain('A service has the ledger');
    expect(done.stdout).toContain('2 events folded, up to position 2.');
    expect(done.stdout).toContain('the service answers from them');
  }, 60_000);

  it('asks for the address if no service answers, or if one of another ledger does', async () => {
    const silent = await run(['rebuild'], { DATA_DIR: folder, PORT: '1' });
    expect([silent.status, silent.stdout]).toEqual([1, '']);
    expect(silent.stderr).toMatch(/is in use by process .* No service answers at .*--url/);
    const otherFolder = mkdtempSync(join(tmpdir(), 'minutebook-rebuild-'));
    const other = await ServingProcess.start(otherFolder);
    const { port } = new URL(other.url);
    const stranger = await run(['rebuild'], { DATA_DIR: folder, PORT: port });
    expect([stranger.status, stranger.stdout]).toEqual([1, '']);
    expect(stranger.stderr).toMatch(/answered 401 .* --key/);
    const key = keysOf(otherFolder).admin;
    const wrong = await run(['rebuild', '--key', key], { DATA_DIR: folder, PORT: port });
    expect([wrong.status, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toMatch(/has another ledger\. .*--url/);
    await other.stop();
    rmSync(otherFolder, { recursive: true });
  }, 60_000);

  it('does not create a ledger', async () => {
    const nothing = await run(['rebuild'], { DATA_DIR: join(folder, 'nothing') });
    expect(nothing.status).toBe(1);
    expect(nothing.stderr).toContain('There is no ledger at');
  });
});
