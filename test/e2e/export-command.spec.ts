import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

describe('the command export', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-export-'));
  const environment = { DATA_DIR: dataDir };
  let service: TestService;
  let position: string;
  const exported = (...args: string[]) =>
    run(['export', '--period', '2026-10', ...args], environment);

  beforeAll(async () => {
    build();
    service = await TestService.start({ dataDir });
    for (let day = 1; day <= 9; day += 1) {
      const { body } = await service.one(completed({}, { time: `2026-10-0${day}T10:00:00Z` }));
      position = body.position;
    }
    await service.get(`/v1/audit/pending?at_least=${position}`);
  }, 120_000);
  afterAll(async () => {
    await service.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(['csv', 'ndjson', 'focus', 'hledger'])(
    'writes what the endpoint answers, beside a service: %s',
    async (format) => {
      const url = `${service.service.url}/v1/audit/export?period=2026-10&format=${format}`;
      const answer = await (await fetch(url)).text();
      const { status, stdout, stderr } = await exported('--format', format);
      expect({ status, stdout }).toEqual({ status: 0, stdout: answer });
      expect(stderr).toContain(`as of position ${position}.`);
    },
  );

  it('writes a file that has its name once it is complete, and says what it is of', async () => {
    const file = join(dataDir, 'october.csv');
    const { status, stdout } = await exported('--format', 'csv', '--out', file, '--json');
    const text = readFileSync(file, 'utf8');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      period: '2026-10',
      format: 'csv',
      position,
      bytes: Buffer.byteLength(text),
      file,
    });
    expect(text.split('\r\n')).toHaveLength(11);
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('leaves nothing behind where it cannot be written', async () => {
    const file = join(dataDir, 'no-such-folder', 'october.csv');
    const { status, stderr } = await exported('--format', 'csv', '--out', file);
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-folder');
  });

  it('is of what was known as of a place', async () => {
    const { stdout } = await exported('--format', 'ndjson', '--as-of', '4');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it.each([
    [['--format', 'xml'], 'format must be one of csv, ndjson, focus, hledger'],
    [[], 'format is required'],
    [['--format', 'csv', '--as-of', '99999'], 'ahead of the ledger'],
  ])('refuses %j', async (args, said) => {
    const { status, stdout, stderr } = await exported(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('refuses --json where the export itself goes to standard output', async () => {
    expect((await exported('--format', 'csv', '--json')).status).toBe(2);
  });

  it('has the newest facts, where no service has read them', async () => {
    await service.close();
    const fact = completed({}, { time: '2026-10-20T10:00:00Z' });
    await run(['import'], environment, JSON.stringify(fact));
    const { stdout, stderr } = await exported('--format', 'ndjson');
    expect(stdout.trimEnd().split('\n')).toHaveLength(10);
    expect(stderr).toContain('behind the ledger');
  });
});
