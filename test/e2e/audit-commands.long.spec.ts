import Database from 'better-sqlite3';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EXPORT_FORMATS } from '../../src/exports/formats';
import { add, ADD_UP, sorted, type Totals } from '../support/added-up';
import { fillLedger, NOW } from '../support/audited';
import { build, run } from '../support/process';
import { TestService } from '../support/service';

interface Replayed {
  readonly size: number;
  readonly rows_compared: number;
  readonly differences: number;
  readonly items: readonly { table: string; key: object; fields: readonly string[] }[];
}

interface Rehearsed {
  readonly totals: readonly { paid_cents: number; would_have_paid_cents: number }[];
  readonly items: readonly { user_id: string; paid_cents: number }[];
}

/** Runs the commands that read a ledger as a person does, each in a process of its own. */
describe('the audit commands', () => {
  let folder: string;
  let service: TestService;
  const inFolder = (name: string) => join(folder, name);
  const called = (...args: string[]) => run(args, { DATA_DIR: inFolder('data') });
  /** The totals of the summaries over HTTP, for October. */
  const october: Totals = new Map();

  /** Changes one row of the read model behind the service's back. */
  function damage(from: number, to: number): void {
    const db = new Database(join(folder, 'data/read-models.db'));
    const sql = `UPDATE usage_logs SET billed_seconds = ? WHERE billed_seconds = ? AND id = 'a-1~1'`;
    try {
      expect(db.prepare(sql).run(String(to), String(from)).changes).toBe(1);
    } finally {
      db.close();
    }
  }

  // A hook of its own, because compiling can take longer than a test may on a busy machine.
  beforeAll(() => build(), 120_000);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-commands-'));
    service = await TestService.start({ dataDir: inFolder('data'), now: () => NOW });
    await fillLedger(service);
    for (const user of ['ann', 'bob']) {
      const path = `/v1/users/${user}/usage-summary?period=2026-10`;
      const { body } = await service.get<{ cost_cents: number; currency: string }>(path);
      add(october, user, body.currency, body.cost_cents);
    }
    const card = { currency: 'TWD', prices: { default: { amount: '0.06', per_seconds: 60 } } };
    writeFileSync(inFolder('card.json'), JSON.stringify(card));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(['beside a running service', 'without a service'])('%s', (where) => {
    beforeAll(async () => {
      if (where === 'without a service') await service.close();
    });

    it.each(EXPORT_FORMATS)('exports a month as %s that adds up to the summaries', async (form) => {
      const { status, stdout, stderr } = await called(
        ...['export', '--period', '2026-10', '--format', form],
      );
      expect(status).toBe(0);
      expect(stderr).toMatch(/^Exported 2026-10: \d+ bytes, as of position \d+\.\n$/);
      expect(october.size).toBe(2);
      expect(sorted(ADD_UP[form](stdout))).toEqual(sorted(october));
    });

    it('exports into a file, and says what it wrote', async () => {
      const file = inFolder('october.csv');
      const args = ['export', '--period', '2026-10', '--format', 'csv', '--out', file, '--json'];
      const { status, stdout, stderr } = await called(...args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const bytes = readFileSync(file).length;
      expect(JSON.parse(stdout)).toMatchObject({ period: '2026-10', format: 'csv', bytes, file });
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
      const words = await called(...args.slice(0, -1));
      expect(words.stderr).toMatch(/^Exported 2026-10 to .+: \d+ bytes, as of position \d+\.\n$/);
      expect(words.stderr).toContain(` to ${file}: `);
    });

    it('replays without a difference: exit status 0, and no progress in a pipe', async () => {
      const { status, stdout, stderr } = await called('replay');
      expect(status).toBe(0);
      expect(stdout).toContain('1 closed period compared: no difference.');
      expect(stderr).toBe('');
    });

    it('replays and finds a changed row: exit status 1', async () => {
      damage(120, 60);
      try {
        const json = await called('replay', '--json');
        expect(json).toMatchObject({ status: 1, stderr: '' });
        const { differences, items } = JSON.parse(json.stdout) as Replayed;
        expect(differences).toBe(1);
        const place = { table: 'usage_logs', key: { id: 'a-1~1' }, fields: ['billed_seconds'] };
        expect(items).toMatchObject([place]);
        const words = await called('replay', '--user', 'ann', '--period', '2026-10');
        expect(words.status).toBe(1);
        expect(words.stdout).toContain('usage_logs a-1~1: differs in billed_seconds');
        expect(words.stdout).toContain('1 DIFFERENCE,');
      } finally {
        damage(60, 120);
      }
    });

    it('rehearses a card with totals that add up, and writes nothing', async () => {
      const card = ['--cards', inFolder('card.json'), '--period', '2026-10'];
      const { status, stdout, stderr } = await called('rehearse', ...card, '--json');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { totals, items } = JSON.parse(stdout) as Rehearsed;
      const paid = items.map((one) => [`${one.user_id} TWD`, one.paid_cents] as const);
      expect(sorted(new Map(paid))).toEqual(sorted(october));
      const total = [...october.values()].reduce((sum, cents) => sum + cents, 0);
      expect(totals).toMatchObject([{ paid_cents: total }]);
      expect(totals[0]!.would_have_paid_cents).not.toBe(total);
      expect((await called('replay', '--json')).status).toBe(0);
    });
  });

  it('refuses to replay or rehearse a user that no event names', async () => {
    const replayed = await called('replay', '--user', 'nobody', '--json');
    expect(replayed.status).toBe(0);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ rows_compared: 0, differences: 0 });
    const card = ['--cards', inFolder('card.json')];
    const rehearsed = await called('rehearse', ...card, '--user', 'nobody', '--json');
    expect(rehearsed.status).toBe(0);
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({ totals: [], items: [] });
  });

  it('rehearses as text and as CSV, and shows no progress in a pipe', async () => {
    const card = ['--cards', inFolder('card.json')];
    const words = await called('rehearse', ...card);
    expect(words.stdout).toContain('Nothing was written.');
    expect(words.stderr).toBe('');
    const csv = await called('rehearse', ...card, '--csv');
    expect(csv).toMatchObject({ status: 0, stderr: '' });
    expect(csv.stdout).toMatch(/^user_id,period,currency,/);
  });

  it('leaves a file as it was if an export fails, and no partial file', async () => {
    const file = inFolder('kept.csv');
    writeFileSync(file, 'as it was');
    const before = readdirSync(folder);
    const args = ['export', '--period', '2026-10', '--format', 'csv'];
    const future = await called(...args, '--as-of', '99999', '--out', file);
    expect(future).toMatchObject({ status: 1, stdout: '' });
    const nowhere = await called(...args, '--out', inFolder('nowhere/x.csv'));
    expect(nowhere).toMatchObject({ status: 1, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe('as it was');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    [['export', '--period', '2026-13', '--format', 'csv'], '--period must be a month'],
    [['export', '--period', '2026-10'], "Required option '--format <format>' not specified."],
    [['replay', '--user', 'a b'], '--user must be 1 to 128 characters'],
    [['bundle', '--period', 'october'], '--period must be a month'],
  ])('says what is wrong in %j, with exit status 2', async (args, said) => {
    const { status, stdout, stderr } = await called(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.startsWith(said)).toBe(true);
  });
});
