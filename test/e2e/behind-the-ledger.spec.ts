import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

/** The service was stopped before its read model had everything, and another day nobody starts it first. */
describe('a command on a read model that lags behind the ledger', () => {
  const now = () => Date.parse('2026-11-20T00:00:00Z');
  let folder: string;
  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-behind-'));
    const [dataDir, kept] = [join(folder, 'data'), join(folder, 'kept')];
    for (const name of ['early', 'late']) {
      const service = await TestService.start({ dataDir, now });
      const provider_metadata = { request_id: `r-${name}` };
      await service.one(completed({ session_id: name, provider_metadata }));
      await service.caughtUp();
      await service.close();
      if (name === 'early') cpSync(dataDir, kept, { recursive: true });
    }
    for (const name of readModelFiles(dataDir)) rmSync(join(dataDir, name));
    for (const name of readModelFiles(kept)) cpSync(join(kept, name), join(dataDir, name));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const readModelFiles = (dataDir: string) =>
    readdirSync(dataDir).filter((name) => name.startsWith('read-models.db'));
  const called = (...args: readonly string[]) => run(args, { DATA_DIR: join(folder, 'data') });
  const said = 'The read model lags behind the ledger: reading the events instead.';

  it('reconciles with everything that was recorded', async () => {
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'request_id,duration_seconds\nr-early,90\nr-late,90\n');
    const args = ['reconcile', '--provider', 'google', '--period', '2026-10', list];
    const { status, stdout, stderr } = await called(...args);
    expect([status, stdout]).toEqual([0, expect.stringContaining('match: 2, 180 s')]);
    expect(stderr).toContain(said);
  });

  it('makes no bundle, because nobody could sign it', async () => {
    const out = join(folder, 'bundle.ndjson');
    const { status, stderr } = await called('bundle', '--out', out);
    expect([status, stderr]).toEqual([1, expect.stringContaining('Start the service')]);
    expect(existsSync(out)).toBe(false);
  });

  it('exports everything that was recorded', async () => {
    const args = ['export', '--period', '2026-10', '--format', 'csv'];
    const { status, stdout, stderr } = await called(...args);
    expect([status, stderr]).toEqual([0, expect.stringContaining(said)]);
    expect(stdout).toContain('late~1');
  });
});
