import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';
import Database from 'better-sqlite3';

import { openEventReader } from '../../src/app/stores';
import { readConfig } from '../../src/config/config';
import { readFact } from '../../src/domain/events/stored';
import { MAX_PAGE, START } from '../../src/event-store/port';
import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const now = () => NOW;

const facts = () => [
  completed({ session_id: 'a', original_filename: 'ann.wav' }, { id: 'a-1' }),
  completed({ session_id: 'b', user_id: 'bob', original_filename: 'bob.wav' }, { id: 'b-1' }),
];

async function record(service: TestService, events: readonly unknown[]): Promise<void> {
  const { position } = (await service.batch(events)).body;
  await service.get(`/v1/users/ann/usage-summary?at_least=${position}`);
}

async function logsOf(service: TestService, user: string): Promise<readonly object[]> {
  const path = `/v1/users/${user}/usage-logs`;
  return (await service.get<{ items: object[] }>(path)).body.items;
}

function erase(service: TestService, user: string) {
  const body = JSON.stringify({ reason: 'asked for it' });
  return service.post(`/v1/users/${user}/erase`, 'application/json', body);
}

describe('a ledger whose keys come from another point in time', () => {
  let folder: string;
  let backup: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-erasure-'));
    backup = mkdtempSync(join(tmpdir(), 'minutebook-backup-'));
  });
  afterEach(() => {
    for (const one of [folder, backup]) rmSync(one, { recursive: true, force: true });
  });

  const begin = () => TestService.start({ dataDir: folder, now });

  it('destroys again the keys that a backup brings back', async () => {
    let service = await begin();
    await record(service, facts());
    await service.close();
    cpSync(join(folder, 'keys.db'), join(backup, 'keys.db'));
    service = await begin();
    await erase(service, 'ann');
    await service.close();
    cpSync(join(backup, 'keys.db'), join(folder, 'keys.db'));
    for (const file of readdirSync(folder)) {
      if (file.startsWith('read-models.db')) rmSync(join(folder, file));
    }
    service = await begin();
    const logs = await logsOf(service, 'ann');
    expect(logs).toMatchObject([{ original_filename: null, erased: true }]);
    expect((await erase(service, 'ann')).status).toBe(200);
    await service.close();
  });

  it('serves with a key missing: the values are null, and the user does not count as erased', async () => {
    let service = await begin();
    await service.close();
    cpSync(join(folder, 'keys.db'), join(backup, 'keys.db'));
    service = await begin();
    await record(service, facts());
    await service.close();
    cpSync(join(backup, 'keys.db'), join(folder, 'keys.db'));
    service = await begin();
    expect(await logsOf(service, 'ann')).toMatchObject([
      { original_filename: null, erased: false },
    ]);
    expect((await service.batch([facts()[0]])).body.results[0]!.status).toBe('duplicate');
    await service.close();
  });

  it('destroys a key that was missing when its user was erased', async () => {
    let service = await begin();
    await service.close();
    cpSync(join(folder, 'keys.db'), join(backup, 'empty.db'));
    service = await begin();
    await record(service, facts());
    await service.close();
    cpSync(join(folder, 'keys.db'), join(backup, 'keys.db'));
    cpSync(join(backup, 'empty.db'), join(folder, 'keys.db'));
    service = await begin();
    expect((await erase(service, 'ann')).status).toBe(201);
    await service.close();
    // The right keys are found, and put back.
    cpSync(join(backup, 'keys.db'), join(folder, 'keys.db'));
    service = await begin();
    expect(await logsOf(service, 'ann')).toMatchObject([{ erased: true }]);
    await service.close();
    const db = new Database(join(folder, 'keys.db'), { readonly: true });
    const left = db.prepare('SELECT user_id FROM personal_keys').all();
    db.close();
    expect(left).toEqual([{ user_id: 'bob' }]);
  });

  /** Restores the ledger from a backup that is older than an erasure. */
  const loseErasure = async () => {
    let service = await begin();
    await record(service, facts());
    await service.close();
    cpSync(join(folder, 'events.db'), join(backup, 'events.db'));
    service = await begin();
    await erase(service, 'ann');
    await service.close();
    for (const file of readdirSync(folder)) {
      if (/^(events|read-models)\.db/.test(file)) rmSync(join(folder, file));
    }
    cpSync(join(backup, 'events.db'), join(folder, 'events.db'));
  };

  it('warns at the start of erasures that a restored ledger does not have any more', async () => {
    await loseErasure();
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const service = await begin();
    const said = warn.mock.calls.map(([text]) => String(text)).join('\n');
    expect(said).toMatch(/^1 user was erased in events that this ledger does not have any more/m);
    warn.mockRestore();
    // As the warning says.
    expect((await erase(service, 'ann')).status).toBe(201);
    await service.close();
  });

  it('names who was erased in events that a restored ledger does not have any more', async () => {
    await loseErasure();
    build();
    const accept = (...more: string[]) =>
      run(['accept-restore', '--json', ...more], { DATA_DIR: folder });
    const accepted = await accept('--yes', '--reason', 'disk lost');
    expect(accepted).toMatchObject({ status: 0 });
    expect(JSON.parse(accepted.stdout)).toMatchObject({ erase_again: ['ann'] });
    // The event of the restore now has the position of the erasure.
    const again = await accept();
    expect(JSON.parse(again.stdout)).toMatchObject({ erase_again: ['ann'] });
    const service = await begin();
    const db = new Database(join(folder, 'keys.db'), { readonly: true });
    expect(db.prepare('SELECT user_id FROM erasures').all()).toEqual([]);
    db.close();
    expect((await erase(service, 'ann')).status).toBe(201);
    await service.close();
  });

  it('never lacks the key of a fact that it holds', async () => {
    const service = await begin();
    await record(service, facts());
    const config = readConfig(service.environment, NOW);
    const store = await openEventReader(config);
    const keys = (await store.readAll(START, MAX_PAGE))
      .map(({ type, body }) => readFact(type, body)?.sealed?.key)
      .filter((key) => key !== undefined);
    await store.close();
    expect(new Set(keys).size).toBe(2);
    await service.close();
  });
});
