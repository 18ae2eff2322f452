import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run } from '../support/process';

/** Attempts that wait forever would keep their months open, so none is recorded after one that can't be. */
describe('import --usage-logs, after a row of the session that is refused', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-refusals-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const imported = (header: string, rows: readonly string[], ...args: string[]) => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, [header, ...rows, ''].join('\n'));
    return run(['import', '--usage-logs', path, '--set', 'stt_provider=google', ...args], {
      DATA_DIR: join(folder, 'ledger'),
    });
  };
  const codes = (stderr: string) => stderr.match(/^line \d+: \w+/gm);

  it('refuses the later rows, too, and a dry run says the same', async () => {
    const header =
      'id,session_id,user_id,duration_seconds,created_at,retry_count,error_occurred,error_message';
    const rows = [
      `1,s,ann,,2026-08-01T10:00:00Z,0,t,${'x'.repeat(5_000)}`,
      '2,s,ann,60,2026-08-01T11:00:00Z,1,f,',
    ];
    const refused = ['line 2: invalid_field', 'line 3: no_parent'];
    const looked = await imported(header, rows, '--dry-run');
    expect(looked.stdout).toBe("2 rows read, 2 can't be recorded. Nothing was recorded.\n");
    expect(codes(looked.stderr)).toEqual(refused);
    const { stdout, stderr } = await imported(header, rows);
    expect(stdout).toContain('2 rows read: 0 recorded, 0 duplicate, 2 rejected.');
    expect(codes(stderr)).toEqual(refused);
  });

  it('refuses the later rows if only the ledger knows why', async () => {
    const header = 'id,session_id,user_id,duration_seconds,created_at';
    const [second, third] = [
      '2,t,ann,60,2026-08-01T11:00:00Z',
      '3,t,ann,60,2026-08-01T12:00:00Z',
    ] as const;
    const first = await imported(header, [second, third]);
    expect(first.stdout).toContain('2 rows read: 2 recorded');
    // An earlier row takes the number of one that is recorded, and the last row would be the fourth attempt of three.
    const { stdout, stderr } = await imported(header, [
      '1,t,ann,60,2026-08-01T10:00:00Z',
      second,
      third,
      '4,t,ann,60,2026-08-01T13:00:00Z',
    ]);
    expect(stdout).toContain('4 rows read: 0 recorded, 0 duplicate, 4 rejected.');
    expect(codes(stderr)).toEqual([
      'line 2: attempt_already_settled',
      'line 3: no_parent',
      'line 4: no_parent',
      'line 5: no_parent',
    ]);
  });
});
