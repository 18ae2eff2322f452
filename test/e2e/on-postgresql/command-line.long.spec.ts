import { eventually } from '../../support/eventually';
import { build, run } from '../../support/process';
import { changeReadModel, describeWithPostgres, usePostgres } from '../../support/postgres';
import { completed, TestService } from '../../support/service';

interface Result {
  readonly differences?: number;
  readonly rows_compared?: number;
  readonly faults?: number;
  readonly items?: readonly { readonly kind?: string; readonly table?: string }[];
}

describeWithPostgres('the command line beside a service whose read model is in PostgreSQL', () => {
  usePostgres();
  let service: TestService;
  const json = async (args: readonly string[]) => {
    const { status, stdout, stderr } = await run([...args, '--json'], service.environment);
    expect(stderr).not.toMatch(/postgres:\/\//);
    return { status, result: JSON.parse(stdout) as Result };
  };

  beforeAll(async () => {
    build();
    service = await TestService.start();
    const events = Array.from({ length: 300 }, (_, number) =>
      completed({ user_id: `user-${number % 7}` }),
    );
    await service.batch(events);
    // The close signs the root that verify compares with.
    const { status } = await service.write('POST', '/v1/billing-periods/2026-10/close', {});
    expect(status).toBe(201);
    await eventually(async () => (await json(['verify'])).status === 0);
  }, 120_000);
  afterAll(() => service.close());

  it('replays, and finds every row unchanged', async () => {
    const { status, result } = await json(['replay']);
    expect(result).toMatchObject({ differences: 0 });
    expect(result.rows_compared).toBeGreaterThan(600);
    expect(status).toBe(0);
  });

  it('verifies the ledger', async () => {
    const { status, result } = await json(['verify']);
    expect(result).toMatchObject({ faults: 0, items: [] });
    expect(status).toBe(0);
  });

  it('exports a month that adds up', async () => {
    const made = await run(
      [
        'export',
        '--period',
        '2026-10',
        '--format',
        'csv',
        '--out',
        `${service.dataDir}/october.csv`,
      ],
      service.environment,
    );
    expect(made).toMatchObject({ status: 0 });
  });

  it('makes a bundle that passes the check', async () => {
    const file = `${service.dataDir}/october.bundle`;
    const made = await run(['bundle', '--period', '2026-10', '--out', file], service.environment);
    expect(made).toMatchObject({ status: 0 });
    const checked = await run(['check-bundle', file], {});
    expect(checked.stdout).toContain('Everything that the bundle states follows.');
  });

  it('finds a row that was changed in PostgreSQL: exit status 1', async () => {
    const change = (set: string) =>
      changeReadModel(service.environment, `UPDATE statements SET ${set} WHERE user_id = 'user-3'`);
    expect(
      await change('summaries = replace(summaries, \'"transcriptions":\', \'"transcriptions": \')'),
    ).toBe(1);
    const replayed = await json(['replay']);
    expect(replayed).toMatchObject({
      status: 1,
      result: { differences: 1, items: [{ table: 'statements' }] },
    });
    const verified = await json(['verify']);
    expect(verified).toMatchObject({ status: 1, result: { faults: 1 } });
    expect(
      await change('summaries = replace(summaries, \'"transcriptions": \', \'"transcriptions":\')'),
    ).toBe(1);
  });

  it('says plainly that PostgreSQL cannot be reached, without its address', async () => {
    const environment = {
      ...service.environment,
      READ_MODEL_URL: 'postgres://someone:a-secret@127.0.0.1:9/nothing',
    };
    const { status, stderr } = await run(['replay'], environment);
    expect(status).toBe(1);
    expect(stderr).toContain('PostgreSQL cannot be reached: ECONNREFUSED.');
    expect(stderr).not.toContain('a-secret');
  });

  it('says plainly that there is no read model yet', async () => {
    const url = new URL(service.environment['READ_MODEL_URL']!);
    url.pathname = '/postgres';
    const environment = { ...service.environment, READ_MODEL_URL: url.href };
    const { status, stderr } = await run(['replay'], environment);
    expect(status).toBe(1);
    expect(stderr).toContain('There is no read model in this PostgreSQL.');
  });
});
