import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEventReader, openEventStore } from '../../src/app/stores';
import { readConfig } from '../../src/config/config';
import { readLedgerEvent } from '../../src/domain/ledger';
import { MAX_PAGE, START, type NewEvent } from '../../src/event-store/port';
import { openLedger } from '../../src/ledger/open-ledger';
import { checkNote } from '../../src/proofs/signed-root/signed-note';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { eventually } from '../support/eventually';
import { build, run, start } from '../support/process';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const now = () => NOW;
const MARKER = 'OLD-of-';

interface Line extends NewEvent {
  readonly stream: string;
}
interface Sealed {
  readonly ledger_id: string;
  readonly continues: string;
  readonly events: number;
  readonly sealed: number;
  readonly root: string;
}

/** Events of ann as an older version stored them, and the same for bob, who is then erased. */
const LINES = readFileSync(join(__dirname, '../fixtures/ledger-v1.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .flatMap((line) => {
    const bobs = line
      .replaceAll('\\"ann\\"', '\\"bob\\"')
      .replaceAll('-of-ann', '-of-bob')
      .replaceAll('session-', 'session-bob-')
      .replaceAll('\\"session_id\\":\\"', '\\"session_id\\":\\"bob-')
      .replaceAll('11111111-', '22222222-')
      .replace(/\\"id\\":\\"o-/, '\\"id\\":\\"b-');
    return [JSON.parse(line) as Line, JSON.parse(bobs) as Line];
  });

describe('migrate-store --seal', () => {
  let old: string;
  let parent: string;
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    old = mkdtempSync(join(tmpdir(), 'minutebook-unsealed-'));
    parent = mkdtempSync(join(tmpdir(), 'minutebook-sealed-'));
    folder = join(parent, 'sealed');
    const config = readConfig({ DATA_DIR: old }, NOW);
    const store = await openEventStore(config);
    await openLedger(store, config.opening, 'UTC', NOW - 100_000_000_000);
    const revisions = new Map<string, number>();
    for (const { stream, ...event } of LINES) {
      const expectedRevision = revisions.get(stream) ?? -1;
      const [outcome] = await store.append([{ stream, expectedRevision, events: [event] }]);
      if (outcome!.status !== 'appended') throw new Error('The event was not appended.');
      revisions.set(stream, expectedRevision + 1);
    }
    await store.close();
    const service = await TestService.start({ dataDir: old, now });
    const sent = await service.batch([
      completed({ session_id: 'new', original_filename: `${MARKER}ann-sealed.wav` }, { id: 'n' }),
    ]);
    await caughtUp(service, sent.body.position);
    for (const path of ['/v1/users/bob/erase', '/v1/billing-periods/2026-10/close']) {
      const body = path.endsWith('close') ? { force: true } : { reason: 'asked' };
      const { status, body: said } = await service.write('POST', path, body);
      expect([status, said]).toEqual([201, expect.anything()]);
    }
    const adjustment = { user_id: 'ann', period: '2026-11', amount_cents: 7, reason: 'a test' };
    expect((await service.write('POST', '/v1/adjustments', adjustment, 'once')).status).toBe(201);
    await service.close();
  }, 60_000);
  afterEach(() => {
    for (const made of [old, parent]) rmSync(made, { recursive: true, force: true });
  });

  const caughtUp = (service: TestService, position: string) =>
    service.get(`/v1/users/ann/usage-summary?at_least=${position}`);
  const seal = (...more: readonly string[]) =>
    run(['migrate-store', '--seal', '--to-data-dir', folder, ...more], { DATA_DIR: old });
  const filesWith = (text: string, where = folder) =>
    readdirSync(where, { recursive: true })
      .map((name) => join(where, String(name)))
      .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
  const eventsOf = async (environment: Readonly<Record<string, string>>) => {
    const reader = await openEventReader(readConfig(environment, NOW));
    return reader.readAll(START, MAX_PAGE).finally(() => reader.close());
  };
  /** What is charged, and the personal values in logs. */
  const billsOf = async (service: TestService) => {
    const head = (await service.get<{ position: string }>('/v1/audit/root')).body.position;
    await caughtUp(service, head);
    const answers: unknown[] = [];
    for (const user of ['ann', 'bob']) {
      for (const period of ['2026-10', '2026-11']) {
        for (const what of ['usage-summary', 'usage-logs']) {
          const { body } = await service.get(`/v1/users/${user}/${what}?period=${period}`);
          answers.push(JSON.parse(JSON.stringify(body, withoutPlaces)));
        }
      }
    }
    return answers;
  };

  const expectSealed = async (sealed: Sealed, environment: Readonly<Record<string, string>>) => {
    const events = await eventsOf({ DATA_DIR: folder, ...environment });
    expect(events).toHaveLength(sealed.events);
    const before = await eventsOf({ DATA_DIR: old });
    expect(sealed.events).toBe(before.length + 1);
    const second = events[1]!;
    const { data } = readLedgerEvent('ledger.continued', second.body);
    expect([second.type, data.ledger_id]).toEqual(['ledger.continued', sealed.continues]);
    expect(checkNote(data.note, data.verifier_keys)).toEqual({
      signed: {
        origin: `minutebook/${sealed.continues}`,
        size: before.length,
        root: data.root,
      },
    });
    const source = await TestService.start({ dataDir: old, now });
    const bills = await billsOf(source);
    const keysBefore = (await source.get('/v1/keys')).body;
    await source.close();
    expect(JSON.stringify(bills)).toContain(`${MARKER}ann.wav`);
    expect(JSON.stringify(bills)).not.toContain(`${MARKER}bob`);
    const service = await TestService.start({ dataDir: folder, environment, now });
    expect(await billsOf(service)).toEqual(bills);
    expect((await service.get('/v1/keys')).body).toEqual(keysBefore);
    const erased = await service.post<{ unsealed_events: number }>(
      '/v1/users/bob/erase',
      'application/json',
      JSON.stringify({ reason: 'asked again' }),
    );
    expect([erased.status, erased.body.unsealed_events]).toEqual([200, 0]);
    const body = { user_id: 'ann', period: '2026-11', amount_cents: 7, reason: 'a test' };
    expect((await service.write('POST', '/v1/adjustments', body, 'once')).status).toBe(201);
    expect((await billsOf(service))[2]).toEqual(bills[2]);
    const again = completed({ session_id: 'new', original_filename: `${MARKER}ann-sealed.wav` });
    const known = await service.batch([{ ...again, id: 'n' }]);
    expect(known.body.results[0]!.status).toBe('duplicate');
    await service.close();
    expect(filesWith(MARKER)).toEqual([]);
    const on = { DATA_DIR: folder, ...environment };
    expect(await run(['verify', '--json'], on)).toMatchObject({ status: 0 });
    expect(await run(['replay', '--json'], on)).toMatchObject({ status: 0 });
    const bundle = join(parent, 'bundle.ndjson');
    expect(await run(['bundle', '--out', bundle], on)).toMatchObject({ status: 0 });
    const checked = await run(['check-bundle', bundle], {});
    expect([checked.status, checked.stdout]).toEqual([0, expect.anything()]);
  };

  it('writes a ledger with the same bills, in which nothing personal is readable', async () => {
    const { status, stdout, stderr } = await seal('--json');
    expect([status, stderr]).toEqual([0, '']);
    const sealed = JSON.parse(stdout) as Sealed;
    expect(sealed.sealed).toBe(8);
    expect(readdirSync(parent)).toEqual(['sealed']);
    await expectSealed(sealed, {});
  }, 120_000);

  it('has the folder and the first keys on disk before the folder gets its name', async () => {
    const log = join(parent, 'steps');
    const preload = join(__dirname, '../support/noted-syncs.cjs');
    const { status } = await run(['migrate-store', '--seal', '--to-data-dir', folder], {
      DATA_DIR: old,
      NODE_OPTIONS: `--require ${preload}`,
      SYNCS_LOG: log,
    });
    expect(status).toBe(0);
    const work = `${folder}.unfinished`;
    const steps = readFileSync(log, 'utf8').trimEnd().split('\n');
    const named = steps.indexOf(`rename ${work}`);
    const keys = steps.indexOf(`sync ${join(work, 'initial-keys.json')}`);
    expect([keys >= 0, keys < named]).toEqual([true, true]);
    expect(steps.slice(named - 1)).toEqual([`sync ${work}`, `rename ${work}`, `sync ${parent}`]);
  }, 60_000);

  it('starts over after it was killed, and says what it did', async () => {
    const killed = start(['migrate-store', '--seal', '--to-data-dir', folder], { DATA_DIR: old });
    await eventually(() => existsSync(join(`${folder}.unfinished`, 'events.db')));
    await killed.kill();
    const { status, stdout, stderr, ledger } = await seal();
    expect([status, stderr]).toEqual([0, '']);
    expect(ledger).toBe(`${join(old, 'events.db')}; sealed in: ${folder}`);
    expect(stdout).toMatch(/in 8 of them, personal values were newly sealed/);
    expect(stdout).toContain(`DATA_DIR=${folder}`);
    expect(readdirSync(parent)).toEqual(['sealed']);
  }, 60_000);

  it('refuses a folder that is not empty, a running service, and incomplete options', async () => {
    cpSync(join(old, 'events.db'), join(folder, 'events.db'));
    const full = await seal();
    expect([full.status, full.stdout]).toEqual([2, '']);
    expect(full.stderr).toContain('not empty');
    rmSync(folder, { recursive: true });
    const service = await TestService.start({ dataDir: old, now });
    const beside = await seal();
    await service.close();
    expect([beside.status, beside.stderr]).toEqual([1, expect.stringContaining(`${process.pid}`)]);
    for (const args of [['--seal'], ['--to-data-dir', folder]]) {
      const half = await run(['migrate-store', ...args], { DATA_DIR: old });
      expect([half.status, half.stderr]).toEqual([2, expect.stringContaining('go together')]);
    }
    expect(readdirSync(parent).filter((name) => !name.endsWith('.unfinished'))).toEqual([]);
  }, 60_000);

  it('refuses a ledger that lacks what its keys signed, until the restore is accepted', async () => {
    const backup = join(parent, 'backup');
    for (const name of ['events.db', 'checkpoints']) {
      cpSync(join(old, name), join(backup, name), { recursive: true });
    }
    const service = await TestService.start({ dataDir: old, now });
    await service.batch([completed()]);
    await service.close();
    for (const name of readdirSync(old)) {
      if (/^(events|read-models)\.db|^checkpoints$/.test(name)) {
        rmSync(join(old, name), { recursive: true });
      }
    }
    cpSync(backup, old, { recursive: true });
    const restored = await seal();
    expect([restored.status, restored.stderr]).toEqual([
      1,
      expect.stringMatching(/accept-restore/),
    ]);
    expect(existsSync(folder)).toBe(false);
    const accept = ['accept-restore', '--yes', '--reason', 'disk lost', '--json'];
    const accepted = await run(accept, { DATA_DIR: old });
    expect(JSON.parse(accepted.stdout)).toMatchObject({ given_up: [{}], done: true });
    expect(await seal()).toMatchObject({ status: 0 });
  }, 60_000);

  describeWithServer('to an EventStoreDB', () => {
    it('does the same', async () => {
      const prefix = newPrefix();
      const { status, stdout, stderr } = await seal(
        '--json',
        '--to',
        SERVER!,
        '--to-prefix',
        prefix,
      );
      expect([status, stderr]).toEqual([0, '']);
      const environment = { EVENT_STORE_URL: SERVER!, STREAM_PREFIX: prefix };
      await expectSealed(JSON.parse(stdout) as Sealed, environment);
      rmSync(folder, { recursive: true });
      const again = await seal('--to', SERVER!, '--to-prefix', prefix);
      expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('not empty')]);
    }, 120_000);
  });
});

function withoutPlaces(name: string, value: unknown): unknown {
  return ['position', 'next_cursor', 'as_of'].includes(name) ? undefined : value;
}
