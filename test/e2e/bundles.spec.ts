import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Report } from '../../src/checker/check-bundle';
import { checkFile } from '../../src/checker/check-file';
import { fillLedger, NOW } from '../support/audited';
import { check } from '../support/bundled';
import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

interface Summary {
  readonly line: string;
  readonly user_id: string;
  readonly period: string;
  readonly cost_cents: number;
}

describe('a bundle', () => {
  let folder: string;
  let service: TestService;
  let key: string;
  const inFolder = (name: string) => join(folder, name);

  async function bundle(query: string): Promise<string> {
    const response = await service.fetch(`/v1/audit/bundle?${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    return response.text();
  }
  const checked = (text: string): Report => check(text.trimEnd().split('\n'), key);
  const parsed = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-bundle-'));
    service = await TestService.start({ dataDir: inFolder('data'), now: () => NOW });
    await fillLedger(service);
    const head = await service.get<{ verifier_keys: string[] }>('/v1/audit/root?at_least=1');
    key = head.body.verifier_keys[0]!;
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['', 'period=2026-10', 'period=2026-11', 'period=2026-09', 'user_id=ann'])(
    'of "%s" passes the check, and states what the service answers',
    async (query) => {
      const text = await bundle(query);
      expect(checked(text)).toMatchObject({ holds: true, signature: 'given_key', problems: [] });
      const summaries = parsed(text).filter((one) => one['line'] === 'summary');
      for (const one of summaries as unknown as Summary[]) {
        const { body } = await service.get<Summary>(
          `/v1/users/${one.user_id}/usage-summary?period=${one.period}`,
        );
        expect(one.cost_cents).toBe(body.cost_cents);
      }
      expect(summaries.length).toBeGreaterThan(0);
    },
  );

  it('of a user contains nothing of others, only hashes for what it leaves out', async () => {
    const text = await bundle('user_id=bob&period=2026-11');
    expect(checked(text)).toMatchObject({ holds: true });
    expect(text).not.toContain('carol');
    const { events, left_out } = parsed(text).at(-1) as { events: number; left_out: number };
    expect(left_out).toBeGreaterThan(40);
    expect(parsed(text).filter((one) => one['line'] === 'left_out').length).toBeLessThan(left_out);
    expect(events).toBeLessThan(15);
  });

  it('as of a position covers the ledger as it was then', async () => {
    const { body } = await service.get<{ items: { closed_at: string }[] }>('/v1/billing-periods');
    expect(body.items.length).toBeGreaterThan(0);
    const text = await bundle('period=2026-10&as_of=5');
    const [header] = parsed(text);
    expect(header).toMatchObject({ size: 5, close_sizes: [] });
    expect(checked(text)).toMatchObject({ holds: true });
  });

  it('of a user whose plan and currency begin in the last month that there is passes the check', async () => {
    const card = { currency: 'USD', prices: { default: { amount: '1' } } };
    expect((await service.write('POST', '/v1/rate-cards', card)).status).toBe(201);
    const effective_from = '9999-12-15T00:00:00Z';
    const plan = { plan: 'pro', currency: 'USD', effective_from };
    expect((await service.write('PUT', '/v1/users/dora/plan', plan)).status).toBe(201);
    await service.one(completed({ user_id: 'dora' }, { time: '2026-11-05T10:00:00Z' }));
    await service.caughtUp();
    const text = await bundle('user_id=dora');
    expect(checked(text)).toMatchObject({ holds: true, problems: [] });
    const summaries = parsed(text).filter((one) => one['line'] === 'summary');
    expect(summaries).toMatchObject([{ period: '2026-11', currency: 'TWD' }]);
  });

  it.each([
    ['period=2026-13', '/period'],
    ['user_id=a%20b', '/user_id'],
    ['as_of=99999', '/as_of'],
    ['what=ever', '/what'],
  ])('is refused for the query "%s"', async (query, pointer) => {
    const { status, body } = await service.get(`/v1/audit/bundle?${query}`);
    expect({ status, ...body }).toMatchObject({ status: 400, code: 'invalid_parameter', pointer });
  });

  describe('on the command line', () => {
    beforeAll(() => build());

    it('is made beside a running service, and checked without the ledger', async () => {
      const file = inFolder('october.ndjson.gz');
      const made = await run(
        ['bundle', '--period', '2026-10', '--out', file, '--json'],
        service.environment,
      );
      expect(made).toMatchObject({ status: 0, stderr: '' });
      expect(JSON.parse(made.stdout)).toMatchObject({ file });
      const elsewhere = { DATA_DIR: inFolder('nothing-here') };
      const good = await run(['check-bundle', file, '--key', key], elsewhere);
      expect(good.stdout).toContain('Everything that the bundle states follows.');
      expect(good).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(inFolder('key.txt'), `${key}\n`);
      const json = await run(['check-bundle', file, '--key', inFolder('key.txt'), '--json'], {});
      expect(JSON.parse(json.stdout)).toMatchObject({ holds: true, signature: 'given_key' });
    });

    it('goes to standard output if no file is named', async () => {
      const { stdout, status } = await run(['bundle', '--user', 'bob'], service.environment);
      expect(status).toBe(0);
      expect(checked(stdout)).toMatchObject({ holds: true });
    });

    it('that was changed is detected, with exit status 1', async () => {
      const file = inFolder('changed.ndjson');
      const text = await bundle('period=2026-10');
      writeFileSync(
        file,
        text.replaceAll('\\"duration_seconds\\":\\"91\\"', '\\"duration_seconds\\":\\"61\\"'),
      );
      const { status, stdout } = await run(['check-bundle', file, '--key', key], {});
      expect(status).toBe(1);
      expect(stdout).toMatch(/line \d+: The hash of event \d+ is .*: the leaf was changed\./);
    });

    it('is not confused with an export: one sentence says what to give instead', async () => {
      const file = inFolder('october.csv');
      const made = ['export', '--period', '2026-10', '--format', 'csv', '--out', file];
      expect(await run(made, service.environment)).toMatchObject({ status: 0 });
      expect(await run(['check-bundle', file], {})).toEqual({
        status: 1,
        stdout:
          'This is not a bundle but a table in CSV. Give the file that the command bundle or GET /v1/audit/bundle wrote, such as bundle-2026-10.ndjson.\n',
        stderr: '',
      });
    });

    it('that is compressed and cut off is detected', async () => {
      const file = inFolder('cut.ndjson.gz');
      cpSync(inFolder('october.ndjson.gz'), file);
      truncateSync(file, readFileSync(file).length - 100);
      const report = await checkFile(file, key);
      expect(report.holds).toBe(false);
      expect(report.problems[0]!.text).toContain('cut off');
    });

    it('is checked by a copy of the checker alone, with nothing installed', async () => {
      const copy = inFolder('copy');
      cpSync(join(__dirname, '../../node_modules/.cache/minutebook-e2e/checker'), copy, {
        recursive: true,
      });
      const file = inFolder('alone.ndjson');
      writeFileSync(file, await bundle('user_id=ann'));
      const said = execFileSync(process.execPath, [join(copy, 'main.js'), file, '--key', key], {
        cwd: copy,
        env: {},
      }).toString();
      expect(said).toContain('Everything that the bundle states follows.');
    });

    it('is made only from an existing ledger', async () => {
      const file = inFolder('none.ndjson');
      const { status, stderr } = await run(['bundle', '--out', file], {
        DATA_DIR: inFolder('no-ledger'),
      });
      expect(status).toBe(1);
      expect(stderr).not.toBe('');
      expect(readdirSync(folder).filter((name) => name.startsWith('none.'))).toEqual([]);
    });
  });
});
