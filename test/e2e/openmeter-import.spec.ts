import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IngestedEvent } from '@openmeter/sdk';

import { build, run } from '../support/process';

/** As JSON carries it, with times as texts. */
type Sent = Omit<IngestedEvent['event'], 'time'> & { readonly time?: string | null };
type Listed = Omit<IngestedEvent, 'event' | 'ingestedAt' | 'storedAt'> & {
  readonly event: Sent;
  readonly ingestedAt: string;
  readonly storedAt: string;
};

const AT = '2026-08-03T10:00:00Z';

function listed(id: string, data: Sent['data'], more: Partial<Sent> = {}): Listed {
  return {
    event: {
      id,
      source: 'api',
      specversion: '1.0',
      type: 'transcription',
      subject: 'ann',
      time: AT,
      data,
      ...more,
    },
    ingestedAt: AT,
    storedAt: AT,
  };
}

const MAPPED = [
  ...['--type', 'transcription=completed', '--type', 'transcription.failed=failed'],
  ...['--map', 'data.run.id=session_id', '--map', 'data.ms=duration_milliseconds'],
  ...['--map', 'data.engine=stt_provider', '--map', 'data.error=error_code'],
  ...['--map', 'data.words=word_count', '--map', 'data.try=attempt'],
];

describe('import --from openmeter', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-openmeter-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, lines: readonly unknown[]) => {
    const path = join(folder, name);
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    writeFileSync(path, [...text, ''].join('\n'));
    return path;
  };
  const imported = (ledger: string, ...args: string[]) =>
    run(['import', '--from', 'openmeter', ...args], { DATA_DIR: join(folder, ledger) });
  const rows = async (ledger: string) => {
    const { stdout } = await run(['export', '--period', '2026-08', '--format', 'ndjson'], {
      DATA_DIR: join(folder, ledger),
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('records what the options select, once, in whatever form the pages come', async () => {
    const good = [
      listed('1', { run: { id: 'r-1' }, ms: 90_250, engine: 'Google', words: '231' }),
      listed(
        '2',
        { run: { id: 'r-2' }, engine: 'google', error: 'no_audio' },
        {
          type: 'transcription.failed',
        },
      ),
      listed('3', { run: { id: 'r-2' }, ms: '1e3', engine: 'google', try: 2 }),
      listed('4', { run: { id: 44 }, ms: 0.5, engine: 'google' }, { subject: 'ben' }),
      listed('5', { tokens: 12 }, { type: 'prompt' }),
      // The same id from another source is a different event.
      listed('1', { run: { id: 'r-5' }, ms: 1_000, engine: 'google' }, { source: 'batch' }),
    ];
    const path = file('good.ndjson', [
      { items: good.slice(0, 2), nextCursor: 'x' },
      '',
      good.slice(2, 4),
      good[4],
      // A bare CloudEvent.
      good[5]!.event,
    ]);
    const first = await imported('one', path, ...MAPPED);
    expect(first).toMatchObject({
      status: 0,
      stdout: '6 events read: 5 recorded, 0 duplicate, 0 rejected, 1 of other types.\n',
    });
    const again = await imported('one', path, ...MAPPED, '--json');
    expect(JSON.parse(again.stdout)).toEqual({
      read: 6,
      recorded: 0,
      duplicate: 5,
      rejected: 0,
      skipped: 1,
    });
    const logs = await rows('one');
    expect(
      logs.map((log) => [log['session_id'], log['user_id'], log['duration_seconds']]).sort(),
    ).toEqual([
      ['44', 'ben', '0.0005'],
      ['r-1', 'ann', '90.25'],
      ['r-2', 'ann', '1'],
      ['r-5', 'ann', '1'],
    ]);
    expect(logs.find((log) => log['session_id'] === 'r-2')).toMatchObject({
      transcription_type: 'retry_failed',
      attempt: 2,
    });
    expect(logs.find((log) => log['session_id'] === 'r-1')).toMatchObject({
      stt_provider: 'google',
      word_count: 231,
    });
  });

  it('lists what it cannot import with its place and the reason, and records the rest', async () => {
    const run1 = { run: { id: 'a' }, engine: 'google' };
    const path = file('bad.ndjson', [
      {
        items: [
          listed('1', { ...run1, ms: 1_000 }),
          listed('2', run1),
          listed('3', { ...run1, ms: 'long' }),
          { ...listed('4', { ...run1, ms: 1 }), validationError: 'no meter found' },
        ],
      },
      listed('5', { engine: 'google', ms: 1 }),
      listed('6', { ...run1, ms: 1 }, { time: null }),
      listed('7', { run: { id: 'b' }, ms: 1 }),
      '{"event":',
      [7],
      listed('8', { run: { id: 'c' }, engine: 'google', ms: 36_000_001 }),
      // A second outcome of the first attempt, and a user with a space.
      listed('9', { ...run1, ms: 1 }),
      listed('10', { run: { id: 'd' }, engine: 'google', ms: 1 }, { subject: 'a b' }),
      listed('11', { run: { id: 'e' }, engine: 'google', ms: 1, words: 'many' }),
    ]);
    const unreadable = [
      'line 1, item 2: no_duration_seconds',
      'line 1, item 3: duration_milliseconds',
      'line 1, item 4: validation_error',
      'line 2: no_session_id',
      'line 3: no_time',
      'line 4: no_stt_provider',
      'line 5: invalid_json',
      'line 6, item 1: not_an_event',
      'line 10: word_count',
    ];
    const looked = await imported('two', path, ...MAPPED, '--dry-run');
    expect(looked.stderr.match(/^line [^:]+: \w+/gm)).toEqual([
      ...unreadable.slice(0, -1),
      'line 7: invalid_field',
      'line 9: invalid_field',
      ...unreadable.slice(-1),
    ]);
    expect(looked).toMatchObject({ status: 1, ledger: undefined });
    expect(looked.stdout).toMatch("13 events read, 11 can't be recorded, 0 of other types.");
    const { status, stdout, stderr } = await imported('two', path, ...MAPPED);
    expect(stderr.match(/^line [^:]+: \w+/gm)).toEqual([
      ...unreadable,
      'line 7: invalid_field',
      'line 8: attempt_already_settled',
      'line 9: invalid_field',
    ]);
    expect(status).toBe(1);
    expect(stdout).toBe(
      '13 events read: 1 recorded, 0 duplicate, 12 rejected, 0 of other types.\n',
    );
  });

  it('skips lines of JSON’s own white space, and refuses those of any other', async () => {
    const path = file('blank.ndjson', ['', ' \t\r', '\v', ' \f', '\u00a0']);
    const { stdout, stderr } = await imported('three', path, ...MAPPED, '--dry-run');
    expect(stdout).toMatch("3 events read, 3 can't be recorded");
    expect(stderr.match(/^line [^:]+: \w+/gm)).toEqual(
      [3, 4, 5].map((line) => `line ${line}: invalid_json`),
    );
  });

  it('refuses the options for a usage table', async () => {
    const { status, stderr } = await imported('none', file('empty.ndjson', []), '--report', 'x');
    expect(status).not.toBe(0);
    expect(stderr).toContain('need --usage-logs');
  });
});
