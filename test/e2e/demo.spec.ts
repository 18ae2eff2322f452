import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run, Running } from '../support/process';

const preload = (name: string) => ({
  NODE_OPTIONS: `--require ${join(__dirname, '../support', name)}`,
});

/** The first command of the README. */
describe('the demo', () => {
  let folder: string;
  let durations: string;
  /** The demo makes its data folder in here, and removes it. */
  let temporary: string;
  const ROWS = 900;

  beforeAll(() => build(), 120_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-demo-spec-'));
    temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    durations = join(folder, 'durations.csv');
    const rows = Array.from({ length: ROWS }, (_, at) => `r/${at},user-${at % 7},${60 + at / 8}`);
    writeFileSync(durations, ['recording_id,speaker_or_user,duration_seconds', ...rows].join('\n'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('waits for a projection that is far behind', async () => {
    const began = performance.now();
    const slow = { ...preload('slow-projection.cjs'), SLOW_MS: '6', TMPDIR: temporary };
    const { status, stdout, stderr } = await run(['demo', '--durations', durations], slow);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^(slowed down: \d{3,} events\n)+$/) as string,
    });
    // A read waits at most two seconds for the projection; this took longer.
    expect(performance.now() - began).toBeGreaterThan(5_000);
    expect(stdout).toContain(`${ROWS} events sent`);
    expect(stdout).toContain('Totals of 7 users:\n  usage logs        900\n');
    expect(stdout).toContain('are equal to the live ones, row for row.');
    expect(readdirSync(temporary)).toEqual([]);
  }, 120_000);

  it('ends when something fails, and leaves nothing behind', async () => {
    const failing = { ...preload('failing-reads.cjs'), TMPDIR: temporary };
    const { status, stderr } = await run(['demo', '--durations', durations], failing);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^http:\S+ answered 500 \(internal_error\): Broken\.\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  it('stays up on request, until Ctrl-C', async () => {
    const demo = new Running(['demo', '--durations', durations, '--stay'], { TMPDIR: temporary });
    await demo.says('It stays up until you press Ctrl-C.');
    expect(readdirSync(temporary)).toHaveLength(1);
    expect((await demo.interrupt()).status).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  it('leaves nothing behind when it is interrupted half-way', async () => {
    const slow = { ...preload('slow-projection.cjs'), SLOW_MS: '1000', TMPDIR: temporary };
    const demo = new Running(['demo', '--durations', durations], slow);
    await demo.says('events sent');
    const said = expect.stringContaining('It was interrupted.') as string;
    expect(await demo.interrupt()).toEqual({ status: 130, said });
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  it('says what is wrong with a file of durations', async () => {
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, 'recording_id,speaker_or_user,duration_seconds\na,ann,61\nb,ann,\n');
    const { status, stderr } = await run(['demo', '--durations', broken], {});
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Line 3: duration_seconds is empty.\n',
    });
  });
});
