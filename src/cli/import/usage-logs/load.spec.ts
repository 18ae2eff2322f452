import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BillingZone } from '../../../domain/billing-period/zone';
import { load } from './load';
import { openWorkspace, type Workspace } from './workspace';

const HEADER = 'id,user_id,duration_seconds,created_at,stt_provider\n';
const row = (id: string) => `${id},ann,60,2026-08-01T10:00:00Z,google\n`;

describe('the file of a usage table', () => {
  let folder: string;
  let workspace: Workspace;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-load-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => (workspace = openWorkspace()));
  afterEach(() => workspace.close());

  const loaded = (bytes: string | Buffer, zone = 'UTC') => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, bytes);
    return load(workspace, path, { map: [], set: [] }, new BillingZone(zone));
  };

  it.each([
    ['Latin-1', Buffer.from(HEADER + row('caf\u00e9'), 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${HEADER}${row('1')}`, 'utf16le')],
    ['cut within a character', Buffer.from(`${HEADER}${row('1')}\u5b57`).subarray(0, -1)],
  ])('is refused if it is %s, with what to do', async (_, bytes) => {
    await expect(loaded(bytes)).rejects.toThrow(/table\.csv is not UTF-8\. .*iconv/);
  });

  it('may have characters of several bytes wherever it is read in pieces, and a byte order mark', async () => {
    const ids = Array.from({ length: 4_000 }, (_, at) => `\u5b57${at}${'x'.repeat(at % 7)}`);
    const { rows } = await loaded(`\ufeff${HEADER}${ids.map(row).join('')}`);
    expect(rows).toBe(ids.length);
    const kept = workspace.prepare('SELECT id FROM rows ORDER BY line').pluck().all();
    expect(kept).toEqual(ids);
  });

  it.each([
    ['LF, then CR LF', '\n', '\r\n'],
    ['CR LF, then LF', '\r\n', '\n'],
    ['CR, then LF', '\r', '\n'],
  ])('may have several ends of lines: %s', async (_, first, second) => {
    const header = 'user_id,duration_seconds,created_at,stt_provider,id';
    const cells = 'ann,60,2026-08-01T10:00:00Z,google';
    const text = [header, `${cells},1`, `${cells},"2\n3"`].join(first);
    const { rows } = await loaded(`${text}${second}${cells},4${second}`);
    expect(rows).toBe(3);
    const kept = workspace.prepare('SELECT id, code FROM rows ORDER BY line').raw().all();
    expect(kept).toEqual([
      ['1', null],
      ['2\n3', null],
      ['4', null],
    ]);
  });

  it('is bounded row by row, not by a file whose first line ends in another way', async () => {
    const ids = Array.from({ length: 30_000 }, (_, at) => String(at));
    const { rows } = await loaded(HEADER.replace('\n', '\r\n') + ids.map(row).join(''));
    expect(rows).toBe(ids.length);
  });

  it('has refused rows where a cell without quotes has a line break', async () => {
    const broken = row('2').replace('ann', 'a\rnn');
    expect(await loaded(HEADER + row('1') + broken + row('4'))).toMatchObject({ rows: 4 });
    const codes = workspace.prepare('SELECT code FROM rows ORDER BY line').pluck().all();
    expect(codes).toEqual([null, 'cells', 'cells', null]);
  });

  it('is read on after a row whose time is in the year 10000 in UTC', async () => {
    const late = row('2').replace('2026-08-01T10:00:00Z', '9999-12-31 23:59:59');
    await loaded(HEADER + row('1') + late + row('3'), 'America/New_York');
    const codes = workspace.prepare('SELECT code FROM rows ORDER BY line').pluck().all();
    expect(codes).toEqual([null, 'created_at', null]);
  });

  it('is named if it does not exist', async () => {
    const missing = load(workspace, '/nowhere/a', { map: [], set: [] }, new BillingZone('UTC'));
    await expect(missing).rejects.toThrow('There is no file /nowhere/a.');
  });
});
