import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

describe('the command reconcile', () => {
  let service: TestService;
  beforeAll(async () => {
    build();
    service = await TestService.start();
    const log = (name: string, duration_seconds: number) =>
      completed({
        session_id: `s-${name}`,
        stt_provider: 'deepgram',
        duration_seconds,
        provider_metadata: { request_id: `r-${name}` },
      });
    const { body } = await service.batch([log('a', 60), log('b', 120)]);
    await service.get(`/v1/users/ann/usage-summary?at_least=${body.position}`);
  }, 120_000);
  afterAll(() => service.close());

  const called = (text: string, ...more: readonly string[]) => {
    const file = join(service.dataDir, 'list');
    writeFileSync(file, text);
    const args = ['reconcile', '--provider', 'deepgram', '--period', '2026-10', ...more, file];
    return run(args, service.environment);
  };
  const requests = (...names: readonly (readonly [string, number])[]) =>
    JSON.stringify({
      page: 1,
      limit: 10,
      requests: names.map(([name, duration]) => ({
        request_id: `r-${name}`,
        created: '2026-10-05T09:59:00Z',
        response: { code: 200, details: { usd: 0.01, duration } },
      })),
    });

  it('reports that everything matches: exit status 0', async () => {
    const { status, stdout } = await called(requests(['a', 60], ['b', 120.5]));
    expect([status, stdout]).toEqual([0, expect.stringContaining('match: 2, 180.5 s, cost 0.02')]);
  });

  it('reports what is lost, and writes the outcome of each line: exit status 1', async () => {
    const items = join(service.dataDir, 'items.csv');
    const list = requests(['a', 60], ['lost', 30]);
    const { status, stdout } = await called(list, '--json', '--items', items);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      matched: { count: 1 },
      only_vendor: { count: 1, seconds: '30' },
      only_ledger: { count: 1, seconds: '120' },
    });
    expect(readFileSync(items, 'utf8')).toMatch(/\r\nonly_vendor,,r-lost,/);
  });

  it('matches by what workers put into provider_metadata, although it is stored sealed', async () => {
    const { stdout } = await called(requests(['a', 60], ['b', 300]), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      matched_by: { id: 2, session: 0, day_and_duration: 0 },
      matched: { count: 1 },
      duration_differs: { count: 1, seconds: '300' },
      only_vendor: { count: 0 },
    });
  });

  it('says so if the ledger has no logs of this provider', async () => {
    const { status, stderr } = await called(requests(['a', 60]), '--provider', 'deepgarm');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('no logs of deepgarm in 2026-10'),
    ]);
  });

  it('names the line that it cannot read', async () => {
    const { status, stderr } = await called('duration_seconds,request_id\nx,r-a\n');
    expect([status, stderr]).toEqual([1, expect.stringContaining('/lines/0/duration_seconds')]);
    expect((await called('', '--tolerance', 'x')).status).toBe(2);
  });
});
