import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

import { build, run } from '../support/process';

const HEADER =
  'id,session_id,user_id,duration_minutes,duration_seconds,transcription_type,billable,cost_cents,currency,stt_provider,error_occurred,error_message,retry_count,parent_log_id,created_at,metadata';

/** Rows of a table with the typical mistakes. Google costs 3 cents per started minute. */
const ROWS = [
  // The same on both sides.
  '1,s/1,ann,2,61,original,t,6,TWD,google,f,,0,,2026-08-01 10:00:00+00,',
  // Failed and billed, then retried free.
  '2,s/2,ann,,,original,t,3,TWD,google,t,no audio,0,,2026-08-02T10:00:00Z,',
  '3,s/2,ann,1,30,retry_failed,f,0,TWD,google,f,,1,2,2026-08-02T11:00:00Z,"{""model"":""nova, 2""}"',
  // Failed, with a two-line message, and retried.
  '4,s/4,bob,,,original,f,0,TWD,google,t,"two',
  'lines",0,,2026-08-03T10:00:00Z,',
  '5,s/4,bob,1,60,retry_failed,t,3,TWD,google,f,,1,4,2026-08-03T11:00:00Z,',
  // A started minute was not billed.
  '6,s/6,bob,1,119,original,t,3,TWD,google,f,,0,,2026-08-04T10:00:00Z,',
  // Ten minutes at another price, and a cost that no price explains.
  '7,s/7,cyd,10,600,original,t,50,TWD,assemblyai,f,,0,,2026-08-05T10:00:00Z,',
  '17,s/17,cyd,10,600,original,t,77,TWD,google,f,,0,,2026-08-05T11:00:00Z,',
  // Succeeded, then a failed retry, then another success: only one success is paid for.
  '18,s/18,dee,1,60,original,t,3,TWD,google,f,,0,,2026-08-06T10:00:00Z,',
  '19,s/18,dee,,,retry_success,f,0,TWD,google,t,,1,18,2026-08-06T11:00:00Z,',
  '20,s/18,dee,1,60,retry_failed,t,3,TWD,google,f,,2,19,2026-08-06T12:00:00Z,',
  // Near the end of a month in Taipei.
  '8,s/8,cyd,1,60,original,t,3,TWD,google,f,,0,,2026-08-31T17:00:00Z,',
  // Rows that cannot be imported.
  '9,s/9,cyd,,,original,t,3,TWD,google,f,,0,,2026-08-05T10:00:00Z,',
  '10,s/10,cyd,1,60,retry_failed,t,3,TWD,google,f,,1,,2026-08-05T10:00:00Z,',
  '11,s/11,cyd,1,60,original,t,3,TWD,google,f,,0,,yesterday,',
  '1,s/12,cyd,1,60,original,t,3,TWD,google,f,,0,,2026-08-05T10:00:00Z,',
  '13,s/13,cyd,1,60,retry_failed,t,3,TWD,google,f,,1,99,2026-08-05T10:00:00Z,',
  '14,s 14,cyd,1,60,original,t,3,TWD,google,f,,0,,2026-08-05T10:00:00Z,',
];

type Row = Readonly<Record<string, string>>;

describe('import --usage-logs', () => {
  let folder: string;
  beforeAll(() => build(), 120_000);
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-table-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const table = (name: string, header: string, rows: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, [header, ...rows, ''].join('\n'));
    return path;
  };
  const imported = (ledger: string, ...args: string[]) =>
    run(['import', ...args], {
      DATA_DIR: join(folder, ledger),
      BILLING_TIME_ZONE: 'Asia/Taipei',
    });
  const read = (report: string, name: string) =>
    parse<Row>(readFileSync(join(folder, report, name)), { columns: true });

  it('lists what it cannot import with its line and the reason, and explains each difference', async () => {
    const file = table('messy.csv', HEADER, ROWS);
    const args = ['--usage-logs', file, '--report', join(folder, 'first')];
    const { status, stdout, stderr } = await imported('one', ...args);
    expect(status).toBe(1);
    expect(stderr.match(/^line \d+: \w+/gm)).toEqual([
      'line 15: no_duration',
      'line 16: no_parent',
      'line 17: created_at',
      'line 18: repeated_id',
      'line 19: no_parent',
      'line 20: invalid_field',
    ]);
    expect(stdout).toContain('18 rows read: 12 recorded, 0 duplicate, 6 rejected.');
    const rows = read('first', 'rows.csv');
    expect(rows.map((row) => [row['id'], row['cost_cents'], row['reason']])).toEqual([
      ['1', '6', 'same'],
      ['2', '0', 'failure_billed'],
      ['3', '3', 'not_billed_before'],
      ['4', '0', 'same'],
      ['5', '3', 'same'],
      ['6', '6', 'minute_truncated'],
      ['7', '20', 'price'],
      ['17', '30', 'unexplained'],
      ['18', '3', 'same'],
      ['19', '0', 'same'],
      ['20', '0', 'retry_billed'],
      ['8', '3', 'same'],
      ...['9', '10', '11', '1', '13', '14'].map((id) => [id, '', 'not_imported']),
    ]);
  }, 60_000);

  it("reports both sides of each month, and what falls beyond a month's edge", () => {
    const months = read('first', 'months.csv').filter((row) => row['period'] !== '');
    expect(months.map((row) => [row['period'], row['old_cents'], row['cost_cents']])).toEqual([
      ['2026-08', '163', '71'],
      ['2026-09', '0', '3'],
    ]);
    expect(months[1]?.['because']).toBe('months_edge +3');
    const users = read('first', 'users.csv').filter((row) => row['user_id'] === 'ann');
    expect(users.map((row) => row['because'])).toEqual(['failure_billed -3; not_billed_before +3']);
  });

  it('records nothing when run again, and reports the same', async () => {
    const file = join(folder, 'messy.csv');
    const args = ['--usage-logs', file, '--report', join(folder, 'again')];
    const { stdout } = await imported('one', ...args);
    expect(stdout).toContain('18 rows read: 0 recorded, 12 duplicate, 6 rejected.');
    expect(read('again', 'rows.csv')).toEqual(read('first', 'rows.csv'));
  }, 60_000);

  it('derives the same in any row order', async () => {
    const whole = [...ROWS.slice(0, 3), `${ROWS[3]}\n${ROWS[4]}`, ...ROWS.slice(5)];
    // The row with the repeated id stays after the first: the order decides which of the two is refused.
    const turned = [whole[0]!, ...whole.slice(1).reverse()];
    const file = table('turned.csv', HEADER, turned);
    await imported('two', '--usage-logs', file, '--report', join(folder, 'turned'));
    const byRow = (report: string) =>
      read(report, 'rows.csv')
        .map(({ line: _, detail: __, ...row }) => row)
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(byRow('turned')).toEqual(byRow('first'));
  }, 60_000);

  it('accepts other column names, and one value for all rows', async () => {
    const file = table('other.csv', 'nr,who,secs,made,note,paid', [
      'a,ann,60.0000000004,2026-08-31 23:30,not json,3',
      'b,ann,\\N,2026-08-31 23:30,,3',
    ]);
    const map = [
      'nr=id',
      'who=user_id',
      'secs=duration_seconds',
      'made=created_at',
      'paid=cost_cents',
    ];
    const options = [
      ...map.flatMap((one) => ['--map', one]),
      ...['--set', 'stt_provider=google', '--time-zone', 'Asia/Taipei', '--json'],
    ];
    const { status, stdout } = await imported('three', '--usage-logs', file, ...options);
    expect({ status, result: JSON.parse(stdout) as object }).toEqual({
      status: 1,
      result: {
        ...{ read: 2, recorded: 1, duplicate: 0, rejected: 1, unexplained: 0 },
        reasons: { same: 1, not_imported: 1 },
        totals: [
          {
            currency: '',
            rows: 1,
            duration_seconds: '0',
            billed_seconds: '0',
            old_cents: '3',
            cost_cents: '0',
          },
          {
            currency: 'TWD',
            rows: 1,
            duration_seconds: '60',
            billed_seconds: '60',
            old_cents: '3',
            cost_cents: '3',
          },
        ],
      },
    });
  }, 60_000);

  it('adds up what the table charged in another currency apart from what the ledger derives', async () => {
    const file = table('dollars.csv', HEADER, [
      '1,s/1,ann,2,61,original,t,100,USD,google,f,,0,,2026-08-01 10:00:00+00,',
      // Near the end of a month in Taipei.
      '2,s/2,ann,1,60,original,t,50,USD,google,f,,0,,2026-08-31T17:00:00Z,',
    ]);
    const args = ['--usage-logs', file, '--report', join(folder, 'dollars'), '--json'];
    const { status, stdout } = await imported('dollars', ...args);
    const { reasons, totals } = JSON.parse(stdout) as { reasons: object; totals: object[] };
    expect({ status, reasons }).toEqual({ status: 0, reasons: { currency: 2 } });
    expect(totals).toMatchObject([
      { currency: 'TWD', rows: 0, billed_seconds: '180', old_cents: '0', cost_cents: '9' },
      { currency: 'USD', rows: 2, billed_seconds: '0', old_cents: '150', cost_cents: '0' },
    ]);
    const cells = (name: string, ...columns: string[]) =>
      read('dollars', name).map((row) => columns.map((column) => row[column]));
    expect(
      cells('rows.csv', 'currency', 'old_currency', 'old_cents', 'cost_cents', 'difference_cents'),
    ).toEqual([
      ['TWD', 'USD', '100', '6', ''],
      ['TWD', 'USD', '50', '3', ''],
    ]);
    expect(cells('users.csv', 'currency', 'difference_cents', 'because')).toEqual([
      ['TWD', '9', 'currency +9'],
      ['USD', '-150', 'currency -150'],
    ]);
    expect(cells('months.csv', 'period', 'currency', 'because')).toEqual([
      ['2026-08', 'TWD', 'currency +6'],
      ['2026-08', 'USD', 'currency -150'],
      ['2026-09', 'TWD', 'currency +3'],
    ]);
  }, 60_000);

  it.each([
    ['a column that does not exist', ['--map', 'secs=duration_seconds'], 2, 'no column secs'],
    ['a field that does not exist', ['--map', 'id=nr'], 2, 'there is no field nr'],
    ['a needed column left out', ['--map', 'user_id='], 1, 'no column user_id'],
    ['an unknown time zone', ['--time-zone', 'Mars/Base'], 2, 'not an IANA time zone'],
  ])('says what to do about %s, before it opens a ledger', async (_, args, expected, says) => {
    const file = table('few.csv', HEADER, ROWS.slice(0, 1));
    const { status, stderr, ledger } = await imported('none', '--usage-logs', file, ...args);
    expect({ status, ledger }).toEqual({ status: expected, ledger: undefined });
    expect(stderr).toContain(says);
  });

  it('reports in a dry run only what it cannot import, and what the ledger would refuse', async () => {
    const file = join(folder, 'messy.csv');
    const { status, stdout, ledger } = await imported('none', '--usage-logs', file, '--dry-run');
    expect({ status, stdout, ledger }).toEqual({
      status: 1,
      stdout: "18 rows read, 6 can't be recorded. Nothing was recorded.\n",
      ledger: undefined,
    });
  });

  it('names the columns that it ignores, unless they are unmapped explicitly', async () => {
    const file = table('more.csv', `${HEADER},Recording,note`, [`${ROWS[0]!},r-1,fine`]);
    const args = ['--usage-logs', file, '--dry-run'];
    const all = await imported('none', ...args);
    expect(all).toMatchObject({ status: 0, stderr: 'Columns ignored: Recording, note.\n' });
    const { stderr } = await imported('none', ...args, '--map', 'note=', '--map', 'recording=');
    expect(stderr).toBe('');
  });

  it('is suggested if a table is given as a file of events', async () => {
    const { status, stderr, ledger } = await imported('none', join(folder, 'messy.csv'));
    expect({ status, ledger }).toEqual({ status: 2, ledger: undefined });
    expect(stderr).toMatch(/is a table.*--usage-logs .*messy\.csv\.\n/);
  });
});
