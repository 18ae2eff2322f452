import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEventStore } from '../../src/app/stores';
import { BundleCheck } from '../../src/checker/check-bundle';
import { readConfig } from '../../src/config/config';
import { readFact, writeFact } from '../../src/domain/events/stored';
import { openLedger } from '../../src/ledger/open-ledger';
import { appendFrozen, frozenLedger } from '../support/frozen-ledger';
import { ended, type ReplayAnswer, type JobAnswer } from '../support/jobs';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const MARKER = 'OLD-of-ann';

interface Explained {
  readonly user_id: string;
  readonly explanation: { readonly events: readonly { readonly type: string }[] };
}

/** Events as an older version stored them. The file never changes. */
const LINES = frozenLedger('ledger-v1.ndjson');

describe('a ledger from before personal values were sealed', () => {
  let folder: string;
  let service: TestService;
  let head: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-unsealed-'));
    const config = readConfig({ DATA_DIR: folder }, NOW);
    const store = await openEventStore(config);
    await openLedger(store, config.opening, 'UTC', NOW - 100_000_000_000);
    head = await appendFrozen(store, LINES);
    await store.close();
    service = await TestService.start({ dataDir: folder, now: () => NOW });
  });
  afterEach(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const logs = async () => {
    const path = `/v1/users/ann/usage-logs?at_least=${head}`;
    const { body } = await service.get<{ items: object[] }>(path);
    return body.items;
  };
  const erase = () =>
    service.post('/v1/users/ann/erase', 'application/json', JSON.stringify({ reason: 'asked' }));
  const textOf = async (path: string) => {
    const response = await service.fetch(path);
    expect(response.status).toBe(200);
    return response.text();
  };
  const withMarker = () =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(folder, name)).isFile())
      .filter((name) => readFileSync(join(folder, name)).includes(MARKER));

  it('is read as it was written, to the byte', () => {
    for (const { type, body } of LINES) {
      expect(writeFact(readFact(type, body)!)).toEqual({ type, body });
    }
  });

  it('returns what was stored then', async () => {
    expect(await logs()).toMatchObject([
      { session_id: 'plain', erased: false },
      {
        session_id: 'old',
        original_filename: 'OLD-of-ann.wav',
        provider_metadata: { request_id: 'OLD-of-ann-request' },
        erased: false,
      },
    ]);
  });

  it('says how many events of an erased user stay readable, and returns nothing of them', async () => {
    await logs();
    const before = await service.get<{ items: { position: string }[] }>('/v1/users/ann/usage-logs');
    const position = before.body.items[0]!.position;
    expect(await erase()).toMatchObject({ status: 201, body: { unsealed_events: 4 } });
    expect(await erase()).toMatchObject({ status: 200, body: { unsealed_events: 4 } });
    for (const path of [
      '/v1/users/ann/usage-logs',
      `/v1/users/ann/usage-logs?as_of=${position}`,
      '/v1/sessions/old',
      '/v1/audit/export?period=2026-10&format=ndjson',
      `/v1/audit/export?period=2026-10&format=ndjson&as_of=${position}`,
      '/v1/usage-logs/old~1',
      `/v1/usage-logs/old~1?as_of=${position}`,
    ]) {
      expect([path, await textOf(path)]).not.toEqual([path, expect.stringContaining(MARKER)]);
    }
    // The stored events stay as they are, because their text is hashed.
    expect(withMarker()).toEqual(expect.arrayContaining([expect.stringMatching(/^events\.db/)]));
    expect(withMarker().filter((name) => !name.startsWith('events.db'))).toEqual([]);
  });

  it('returns nothing of an erased user whose session was voided and then reported for another', async () => {
    await logs();
    await service.write('POST', '/v1/sessions/old/void', { reason: "Bob's, not Ann's" });
    await erase();
    const { body } = await service.one(completed({ session_id: 'old', user_id: 'bob' }));
    const text = await textOf(`/v1/usage-logs/old~1~1?at_least=${body.position}`);
    const { user_id, explanation } = JSON.parse(text) as Explained;
    expect(user_id).toBe('bob');
    expect(explanation.events.map(({ type }) => type)).toEqual([
      'transcription.session.started',
      'transcription.session.completed',
      'transcription.session.retried',
      'transcription.session.failed',
      'session.voided',
      'transcription.session.completed',
    ]);
    expect(text).not.toContain(MARKER);
  });

  it('still follows after an erasure: replay and bundle', async () => {
    await logs();
    await erase();
    const replay = await ended<JobAnswer<ReplayAnswer>>(service, 'replays', {});
    expect(replay.result).toMatchObject({ differences: 0 });
    const check = new BundleCheck(undefined);
    const text = await (await service.fetch('/v1/audit/bundle')).text();
    text
      .trimEnd()
      .split('\n')
      .forEach((line, at) => check.take(at + 1, line));
    expect(check.report().problems).toEqual([]);
  });

  it('recognises facts that are sent again, even after an erasure', async () => {
    const again = {
      specversion: '1.0',
      id: 'o-2',
      source: 'old/worker',
      type: 'transcription.session.completed',
      time: '2026-10-05T10:00:00Z',
      data: {
        session_id: 'old',
        user_id: 'ann',
        stt_provider: 'google',
        duration_seconds: 90,
        provider_metadata: { request_id: 'OLD-of-ann-request' },
      },
    };
    const status = async () => (await service.batch([again])).body.results[0]!.status;
    expect(await status()).toBe('duplicate');
    await logs();
    await erase();
    expect(await status()).toBe('duplicate');
  });
});
