import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { MAX_PAGE, START, type EventReader, type StoredEvent } from '../../src/event-store/port';
import { openEventReader } from '../../src/app/stores';
import { fillLedger, NOW } from '../support/audited';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { eventually } from '../support/eventually';
import { build, run, start } from '../support/process';
import { completed, TestService } from '../support/service';

const BULK = 12_000;

/** Answers that a copy must give too, without the positions, which each store assigns. */
async function answersOf(service: TestService, position: string): Promise<readonly unknown[]> {
  const caughtUp = `/v1/users/ann/usage-summary?period=2026-10&at_least=${position}`;
  await eventually(async () => (await service.get(caughtUp)).status === 200);
  const paths = [
    '/v1/users/ann/usage-summary?period=2026-10',
    '/v1/users/ann/usage-logs?limit=500',
    '/v1/users/bob/usage-summary?period=2026-10',
    '/v1/users/bob/usage-summary?period=2026-11',
    '/v1/users/bulk-3/usage-summary?period=2026-10',
    '/v1/users/bulk-3/usage-logs?limit=500',
    '/v1/billing-periods',
    '/v1/reports/usage?period=2026-10',
    '/v1/audit/root',
    '/v1/audit/proofs/4321',
  ];
  const answers: unknown[] = [];
  for (const path of paths) {
    const { status, body } = await service.get(path);
    expect(status).toBe(200);
    answers.push(JSON.parse(JSON.stringify(body, withoutPlaces)));
  }
  return answers;
}

function withoutPlaces(name: string, value: unknown): unknown {
  return name === 'position' || name === 'next_cursor' ? undefined : value;
}

async function eventsOf(reader: EventReader): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let after = START; ;) {
    const page = await reader.readAll(after, MAX_PAGE);
    if (page.length === 0) return events;
    events.push(...page);
    after = page.at(-1)!.position;
  }
}

/** All events of a file once it can be read, or none if there is no file yet. */
async function eventsOfFile(dataDir: string): Promise<StoredEvent[]> {
  const reader = await openEventReader(readConfig({ DATA_DIR: dataDir }, NOW));
  return eventsOf(reader).finally(() => reader.close());
}

interface Migrated {
  readonly events: number;
  readonly copied: number;
  readonly root: string;
  readonly differences: number;
  readonly equal: boolean;
}

describeWithServer('migrate-store, as a process, with a real server', () => {
  const prefix = newPrefix();
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'minutebook-migrate-'));
    folders.push(made);
    return made;
  };
  const onServer = { EVENT_STORE_URL: SERVER ?? '', STREAM_PREFIX: prefix };
  let dataDir: string;
  let answers: readonly unknown[];
  let original: readonly StoredEvent[];
  let server: EventReader;

  const serve = (environment: Readonly<Record<string, string>>) =>
    TestService.start({ dataDir, environment, now: () => NOW });
  const dropReadModel = () => {
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(dataDir, `read-models.db${suffix}`), { force: true });
    }
  };
  /** Kills the command as soon as some events are copied; returns how many there were. */
  const killAmid = async (args: readonly string[], copied: () => Promise<number>) => {
    const before = await copied();
    const command = start(['migrate-store', ...args], { DATA_DIR: dataDir });
    await eventually(async () => (await copied()) > before);
    await command.kill();
    const there = await copied();
    expect(there).toBeGreaterThan(before);
    expect(there).toBeLessThan(original.length);
    return there;
  };
  const complete = async (args: readonly string[]): Promise<Migrated> => {
    const { status, stdout, stderr } = await run(['migrate-store', ...args, '--json'], {
      DATA_DIR: dataDir,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Migrated;
  };

  beforeAll(async () => {
    build();
    dataDir = folder();
    const service = await serve({});
    await fillLedger(service);
    let position = '0';
    for (let from = 0; from < BULK; from += 2_000) {
      const batch = Array.from({ length: 2_000 }, (_, index) =>
        completed({ user_id: `bulk-${index % 50}`, duration_seconds: 61 }),
      );
      const { status, body } = await service.batch(batch);
      expect(status).toBe(200);
      position = body.position;
    }
    answers = await answersOf(service, position);
    await service.close();
    original = await eventsOfFile(dataDir);
    server = await openEventReader(readConfig({ DATA_DIR: dataDir, ...onServer }, NOW));
  }, 180_000);
  afterAll(async () => {
    await server?.close();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  it('copies a file to the server, despite two kills: the same indexes, root and answers', async () => {
    const to = ['--to', SERVER!, '--to-prefix', prefix];
    const copied = async () => (await server.readAll(START, MAX_PAGE)).length;
    await killAmid(to, copied);
    const there = await killAmid(to, copied);
    const migrated = await complete(to);
    expect(migrated).toMatchObject({ events: original.length, differences: 0, equal: true });
    expect(migrated.copied).toBeLessThanOrEqual(original.length - there);
    expect(migrated.copied).toBeGreaterThan(0);
    const same = ({ position: _, ...rest }: StoredEvent) => rest;
    expect((await eventsOf(server)).map(same)).toEqual(original.map(same));

    dropReadModel();
    const service = await serve(onServer);
    try {
      expect(await answersOf(service, String(await server.head()))).toEqual(answers);
      const { body } = await service.get<{ root: string }>('/v1/audit/root');
      expect(body.root).toBe(migrated.root);
    } finally {
      await service.close();
    }
    expect(await complete(to)).toMatchObject({ copied: 0, equal: true });
  }, 240_000);

  it('copies it back to a file, despite a kill: the same bytes at the same positions', async () => {
    const back = folder();
    const from = ['--from', SERVER!, '--from-prefix', prefix, '--to', join(back, 'events.db')];
    const copied = () =>
      eventsOfFile(back).then(
        (events) => events.length,
        () => 0,
      );
    const there = await killAmid(from, copied);
    const migrated = await complete(from);
    expect(migrated).toMatchObject({
      events: original.length,
      copied: original.length - there,
      differences: 0,
      equal: true,
    });
    expect(await eventsOfFile(back)).toEqual(original);
  }, 240_000);
});
