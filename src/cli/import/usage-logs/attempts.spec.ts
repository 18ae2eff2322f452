import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BillingZone } from '../../../domain/billing-period/zone';
import { numberAttempts, refuseLater } from './attempts';
import { factsOf } from './facts';
import { foresee } from './foresee';
import { load } from './load';
import { openWorkspace, type Workspace } from './workspace';

const SOURCE = 'import/usage-logs';
const NUMBERED =
  'id,session_id,user_id,duration_seconds,created_at,retry_count,parent_log_id,error_occurred,error_message';

describe('the attempts of a table', () => {
  let folder: string;
  let workspace: Workspace;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-attempts-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => (workspace = openWorkspace()));
  afterEach(() => workspace.close());

  /** Numbers the rows of a table. Returns each row's id with its session and attempt, or why it is refused. */
  const numbered = async (header: string, rows: readonly string[]) => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, [header, ...rows, ''].join('\n'));
    const options = { map: [], set: ['stt_provider=google', 'user_id=ann'] };
    await load(workspace, path, options, new BillingZone('UTC'));
    numberAttempts(workspace);
    foresee(workspace, SOURCE);
    return workspace
      .prepare(`SELECT id || ': ' || coalesce(code, session || ' ' || attempt) FROM rows`)
      .pluck()
      .all();
  };
  const batches = () => factsOf(workspace, SOURCE, 10);
  const idsOf = (batch: readonly { readonly bytes: Buffer }[]) =>
    batch.map(({ bytes }) => (JSON.parse(bytes.toString()) as { id: string }).id);

  it('are refused after one that the ledger would refuse, because they would wait for it', async () => {
    const rows = await numbered(NUMBERED, [
      `1,s,ann,,2026-08-01T10:00:00Z,0,,t,${'x'.repeat(5_000)}`,
      '2,s,ann,60,2026-08-01T11:00:00Z,1,1,f,',
      '3,t,ann,,2026-08-01T10:00:00Z,0,,t,\u001b[31mred',
      '4,t,ann,60,2026-08-01T11:00:00Z,1,3,f,',
      '5,u,ann,60,2026-08-01T11:00:00Z,0,,f,',
    ]);
    expect(rows).toEqual([
      '1: invalid_field',
      '2: no_parent',
      '3: invalid_field',
      '4: no_parent',
      '5: u 1',
    ]);
  });

  it('are refused if they are numbered by time, and one of them is unreadable', async () => {
    const rows = await numbered('id,session_id,user_id,duration_seconds,created_at', [
      '1,s/1,ann,60,yesterday',
      '2,s/1,ann,60,2026-08-01T11:00:00Z',
      '3,s/1,ann,60,2026-08-01T12:00:00Z',
      '4,t,ann,60,2026-08-01T12:00:00Z',
      '5,u,ann,60,2026-08-01T12:00:00Z',
      '5,u,ann,60,2026-08-01T12:00:00Z',
      '6,u,ann,60,2026-08-01T13:00:00Z',
    ]);
    expect(rows).toEqual([
      '1: created_at',
      '2: no_parent',
      '3: no_parent',
      '4: t 1',
      '5: u 1',
      '5: repeated_id',
      '6: u 2',
    ]);
  });

  it('are refused if they are numbered by time, and an unreadable row has their parent', async () => {
    const rows = await numbered('id,user_id,duration_seconds,created_at,parent_log_id', [
      '1,ann,60,2026-08-01T10:00:00Z,',
      '2,ann,60,yesterday,1',
      '3,ann,60,2026-08-01T12:00:00Z,1',
      '4,ann,60,2026-08-01T12:00:00Z,',
    ]);
    expect(rows).toEqual(['1: no_parent', '2: created_at', '3: no_parent', '4: 4 1']);
  });

  it('that follow an unreadable row are refused as having no parent', async () => {
    const rows = await numbered(NUMBERED.replace('retry_count,', ''), [
      '1,s,ann,60,2026-08-01T10:00:00Z,,f,',
      '2,,ann,60,yesterday,1,f,',
      '3,s,ann,60,2026-08-01T12:00:00Z,2,f,',
      '4,,ann,60,yesterday,,f,',
      '5,t,ann,60,2026-08-01T12:00:00Z,4,f,',
      '6,u,ann,60,yesterday,,f,',
      '7,,ann,60,2026-08-01T12:00:00Z,6,f,',
    ]);
    expect(rows).toEqual([
      '1: no_parent',
      '2: created_at',
      '3: no_parent',
      '4: created_at',
      '5: no_parent',
      '6: created_at',
      '7: no_parent',
    ]);
  });

  it('keep their numbers beside an unreadable row if all say which attempt they are', async () => {
    const rows = await numbered(NUMBERED, [
      '1,s,ann,60,2026-08-01T10:00:00Z,0,,f,',
      '2,s,ann,60,2026-08-01T11:00:00Z,1,1,f,',
      '3,s,ann,60,yesterday,2,2,f,',
      '4,s,ann,60,2026-08-01T13:00:00Z,3,3,f,',
    ]);
    expect(rows).toEqual(['1: s 1', '2: s 2', '3: created_at', '4: no_parent']);
  });

  it('are as good as ever if their rows occur twice', async () => {
    const rows = await numbered('id,user_id,duration_seconds,created_at,parent_log_id', [
      '1,ann,60,2026-08-01T10:00:00Z,',
      '2,ann,60,2026-08-01T11:00:00Z,1',
      '1,ann,60,2026-08-01T10:00:00Z,',
      '2,ann,60,2026-08-01T11:00:00Z,1',
    ]);
    expect(rows).toEqual(['1: 1 1', '2: 1 2', '1: repeated_id', '2: repeated_id']);
  });

  it('belong to the session of the first row that has the id of their parent', async () => {
    const rows = await numbered(NUMBERED, [
      '1,s,ann,60,2026-08-01T10:00:00Z,0,,f,',
      '1,t,ann,60,2026-08-01T10:00:00Z,0,,f,',
      '2,s,ann,60,2026-08-01T11:00:00Z,1,1,f,',
      '3,,ann,60,2026-08-01T12:00:00Z,2,1,f,',
      '4,u,ann,60,2026-08-01T12:00:00Z,1,1,f,',
    ]);
    expect(rows).toEqual(['1: s 1', '1: repeated_id', '2: s 2', '3: s 3', '4: other_session']);
  });

  it('are sent after the earlier ones of their session, whatever their times, and not beside them', async () => {
    await numbered(NUMBERED, [
      '1,s,ann,60,2026-08-01T10:00:00Z,1,,f,',
      '2,s,ann,,2026-08-01T12:00:00Z,0,,t,',
      '3,t,ann,60,2026-08-01T11:00:00Z,0,,f,',
      '4,s,ann,60,2026-08-01T13:00:00Z,2,,f,',
    ]);
    expect([...batches()].map(idsOf)).toEqual([
      ['usage-log:3', 'usage-log:2'],
      ['usage-log:1'],
      ['usage-log:4'],
    ]);
  });

  it('are not sent if an earlier one was refused meanwhile', async () => {
    await numbered(NUMBERED, [
      '1,s,ann,,2026-08-01T10:00:00Z,0,,t,',
      '2,s,ann,,2026-08-01T10:00:00Z,1,,t,',
      '3,t,ann,60,2026-08-01T10:00:00Z,0,,f,',
      '4,s,ann,60,2026-08-01T10:00:00Z,2,,f,',
    ]);
    const sent = [];
    for (const batch of batches()) {
      sent.push(idsOf(batch));
      if (sent.length > 1) continue;
      expect(refuseLater(workspace, 2)).toMatchObject([
        { line: 3, code: 'no_parent' },
        { line: 5, code: 'no_parent' },
      ]);
      expect(refuseLater(workspace, 2)).toEqual([]);
    }
    expect(sent).toEqual([['usage-log:1', 'usage-log:3']]);
  });
});
