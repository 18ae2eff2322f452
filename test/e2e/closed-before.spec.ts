import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withVerifyParts } from '../../src/app/audit-parts';
import { openEventStore } from '../../src/app/stores';
import { BundleCheck } from '../../src/checker/check-bundle';
import { readConfig } from '../../src/config/config';
import { readLedgerEvent } from '../../src/domain/ledger';
import { verify } from '../../src/verify/verify';
import { appendFrozen, frozenLedger } from '../support/frozen-ledger';
import { ended, type JobAnswer, type ReplayAnswer } from '../support/jobs';
import { TestService } from '../support/service';

const NOW = Date.parse('2026-11-25T00:00:00Z');

/** A ledger with a closed month, as the version of November 2026 stored it. The file never changes. */
const LINES = frozenLedger('ledger-with-close.ndjson');
const CLOSE = LINES.find(({ type }) => type === 'billing_period.closed')!;

describe('a month that an older version closed', () => {
  let folder: string;
  let service: TestService;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-closed-'));
    const store = await openEventStore(readConfig({ DATA_DIR: folder }, NOW));
    await appendFrozen(store, LINES);
    const head = await store.head();
    await store.close();
    service = await TestService.start({ dataDir: folder, now: () => NOW });
    expect((await service.get(`/v1/audit/root?at_least=${head}`)).status).toBe(200);
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('still comes to the totals that its close pinned, text for text', async () => {
    const { body } = await service.get<{ items: readonly { period: string; totals: unknown }[] }>(
      '/v1/billing-periods',
    );
    const totals = body.items.find(({ period }) => period === '2026-10')!.totals;
    const pinned = readLedgerEvent('billing_period.closed', CLOSE.body).data.totals;
    expect(JSON.stringify(totals)).toBe(JSON.stringify(pinned));
  });

  it('holds in a replay', async () => {
    const replay = await ended<JobAnswer<ReplayAnswer>>(service, 'replays', {});
    expect(replay.result).toMatchObject({ closed_periods_checked: 1, differences: 0 });
  });

  it('holds in a bundle', async () => {
    const check = new BundleCheck(undefined);
    const text = await (await service.fetch('/v1/audit/bundle')).text();
    for (const [at, line] of text.trimEnd().split('\n').entries()) check.take(at + 1, line);
    expect(check.report()).toMatchObject({ problems: [], rederived: { cost_cents: { TWD: 362 } } });
  });

  it('holds in a verification', async () => {
    const config = readConfig({ DATA_DIR: folder }, NOW);
    const result = await withVerifyParts(config, undefined, (parts) =>
      verify(parts, { scanned: () => undefined, replayed: () => undefined }),
    );
    expect(result).toMatchObject({ events: LINES.length, closed_periods_checked: 1, faults: 0 });
  });
});
