import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Producer, type Trouble } from '../../clients/typescript/src/index.js';
import { Entitlements, Reader } from '../../clients/typescript/src/reader/index.js';
import { CheckingProxy } from '../support/checking-proxy';
import { runOf } from '../support/process';
import { itWithPython, PYTHON_CLIENT } from '../support/python';
import { TestService } from '../support/service';

const TIME = '2026-10-05T10:00:00Z';

/**
 * Every call of both clients goes through a proxy that checks the request and the answer against the OpenAPI document.
 */
describe('what the clients send and get', () => {
  let service: TestService;
  let proxy: CheckingProxy;
  let folder: string;
  beforeEach(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-10-20T00:00:00Z') });
    proxy = await CheckingProxy.before(service.url);
    folder = mkdtempSync(join(tmpdir(), 'minutebook-checked-'));
  });
  afterEach(async () => {
    await proxy.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const asked = () =>
    [...proxy.check.seen].filter(([, { succeeded }]) => succeeded > 0).map(([name]) => name);

  it('conforms to the document: the TypeScript client', async () => {
    const troubles: Trouble[] = [];
    const refused: string[] = [];
    const settled: (string | null)[] = [];
    const producer = new Producer({
      url: proxy.url,
      key: service.keys.producer,
      source: 'test/worker',
      spool: join(folder, 'spool'),
      onSettled: ({ position }) => settled.push(position),
      onRefused: ({ code }) => refused.push(code),
      onTrouble: (trouble) => troubles.push(trouble),
    });
    const first = { session_id: 's-1', user_id: 'ann', stt_provider: 'google' };
    const time = { time: TIME };
    await producer.started(first, time);
    await producer.failed({ ...first, error_code: 'timeout' }, time);
    await producer.retried({ session_id: 's-1', user_id: 'ann', attempt: 2 }, time);
    await producer.completed({ ...first, attempt: 2, duration_seconds: 61.5 }, time);
    await producer
      .completed({ ...first, session_id: 's-2', duration_seconds: -1 }, time)
      .catch((error: unknown) => refused.push((error as { code: string }).code));
    await producer.close(10_000);
    expect({ troubles, refused, settled: settled.length }).toEqual({
      troubles: [],
      refused: ['invalid_field'],
      settled: 4,
    });

    const reader = new Reader({ url: proxy.url, key: service.keys.finance }).carrying(
      settled.at(-1)!,
    );
    const answers = [
      await reader.usageSummary('ann', { period: '2026-10' }),
      await reader.usageHistory('ann'),
      await reader.usageTrend('ann', { from: '2026-10-01T00:00:00Z', to: '2026-10-09T00:00:00Z' }),
      await reader.usageLog('s-1~2'),
      await reader.session('s-1'),
      await reader.entitlement('ann', { minutes: '5' }),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => true));
    const logs: string[] = [];
    for await (const log of reader.usageLogs('ann', { limit: 1 })) logs.push(log.id);
    expect(logs).toEqual(['s-1~2']);
    const missing = await reader.usageLog('nope~1');
    expect(missing.ok).toBe(false);
    const entitlements = new Entitlements(reader, { whenUnknown: 'deny', timeoutMs: 10_000 });
    expect(await entitlements.check('ann', { minutes: '5' })).toMatchObject({ by: 'ledger' });
    expect(asked()).toEqual(expect.arrayContaining(ASKED));
    expect(proxy.check.mistakes).toEqual([]);
  });

  itWithPython('conforms to the document: the Python client', async () => {
    writeFileSync(join(folder, 'calls.py'), CALLS);
    const ran = await runOf(['python3', '-W', 'error', join(folder, 'calls.py')], {
      PYTHONPATH: join(PYTHON_CLIENT, 'src'),
      PYTHONDONTWRITEBYTECODE: '1',
      URL: proxy.url,
      SPOOL: join(folder, 'spool'),
      PRODUCER_KEY: service.keys.producer,
      READER_KEY: service.keys.finance,
    });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(ran.stdout).toBe('s-1~2\nnot_found\nledger\n');
    expect(asked()).toEqual(expect.arrayContaining(ASKED));
    expect(proxy.check.mistakes).toEqual([]);
  });
});

/** The operations that both clients call. */
const ASKED = [
  'POST /v1/events',
  'GET /v1/users/{user_id}/usage-summary',
  'GET /v1/users/{user_id}/usage-history',
  'GET /v1/users/{user_id}/usage-trend',
  'GET /v1/users/{user_id}/usage-logs',
  'GET /v1/users/{user_id}/entitlement',
  'GET /v1/usage-logs/{id}',
  'GET /v1/sessions/{session_id}',
];

const CALLS = `
import os
from datetime import datetime, timezone
from minutebook import EntitlementGate, LedgerError, Producer, Reader

url = os.environ["URL"]
first = {"session_id": "s-1", "user_id": "ann", "stt_provider": "google"}
time = datetime(2026, 10, 5, 10, tzinfo=timezone.utc)
with Producer(url, source="test/worker", spool=os.environ["SPOOL"], key=os.environ["PRODUCER_KEY"]) as producer:
    producer.started(**first, time=time)
    producer.failed(**first, error_code="timeout", time=time)
    producer.retried(session_id="s-1", user_id="ann", attempt=2, time=time)
    producer.completed(**first, attempt=2, duration_seconds="61.5", time=time)
    assert producer.flush(10) == 0
    reader = Reader(url, key=os.environ["READER_KEY"], producer=producer)
    reader.usage_summary("ann", period="2026-10")
    list(reader.usage_history("ann"))
    reader.usage_trend("ann", datetime(2026, 10, 1, tzinfo=timezone.utc), datetime(2026, 10, 9, tzinfo=timezone.utc))
    for log in reader.usage_logs("ann"):
        print(log.id)
    reader.usage_log("s-1~2")
    reader.session("s-1")
    try:
        reader.usage_log("nope~1")
    except LedgerError as error:
        print(error.code)
    print("ledger" if EntitlementGate(reader, fails="closed").check("ann", minutes="5").known else "unknown")
    reader.close()
`;
