import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Producer } from '../../clients/typescript/src/index.js';
import { Delivery } from '../../clients/typescript/src/producer/delivery.js';
import {
  Entitlements,
  Reader,
  type LedgerError,
} from '../../clients/typescript/src/reader/index.js';
import { eventually } from '../support/eventually';
import { StubLedger } from '../support/stub-ledger';

describe('a key function that never answers', () => {
  const key = () => new Promise<string>(() => undefined);
  let stub: StubLedger;
  beforeEach(async () => (stub = await StubLedger.start()));
  afterEach(async () => {
    expect(stub.requests).toEqual([]);
    await stub.close();
  });

  const read = async (options: object, signal?: AbortSignal): Promise<LedgerError> => {
    const reader = new Reader({ url: stub.url, key, ...options });
    const answer = await reader.usageSummary('ann', {}, signal === undefined ? {} : { signal });
    if (answer.ok) throw new Error('The answer is a success.');
    return answer.error;
  };

  it('is a timeout of a read', async () => {
    const { code, detail } = await read({ timeoutMs: 50, retryMs: 0 });
    expect([code, detail]).toEqual(['timeout', 'The key function did not answer in time.']);
  });

  it('is not waited for once the caller aborts', async () => {
    const giving = new AbortController();
    const asked = read({}, giving.signal);
    giving.abort();
    expect((await asked).code).toBe('aborted');
  });

  it('leaves the decision on an entitlement to the policy', async () => {
    for (const whenUnknown of ['allow', 'deny'] as const) {
      const reader = new Reader({ url: stub.url, key });
      const decision = await new Entitlements(reader, { whenUnknown, timeoutMs: 50 }).check('ann');
      const allowed = whenUnknown === 'allow';
      expect(decision).toMatchObject({ allowed, by: 'policy', error: { code: 'timeout' } });
    }
  });
});

describe('a producer that is closed before its request is under way', () => {
  let stub: StubLedger;
  let spool: string;
  beforeEach(async () => {
    stub = await StubLedger.start(() => undefined);
    spool = mkdtempSync(join(tmpdir(), 'minutebook-spool-'));
  });
  afterEach(async () => {
    expect(stub.requests).toEqual([]);
    await stub.close();
    rmSync(spool, { recursive: true, force: true });
  });

  it('is closed in its time, although its key function never answers', async () => {
    let isAsked = false;
    const key = () => {
      isAsked = true;
      return new Promise<string>(() => undefined);
    };
    const producer = new Producer({ url: stub.url, source: 'test/worker', spool, key });
    await producer.started({ session_id: 's', user_id: 'ann', stt_provider: 'google' });
    await eventually(() => isAsked);
    const since = performance.now();
    expect(await producer.close(100)).toBe(false);
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('does not send what was being compressed', async () => {
    const delivery = new Delivery({ url: stub.url, key: undefined, timeoutMs: 1_000 });
    const sending = delivery.send([JSON.stringify({ id: 'x'.repeat(2_000) })]);
    delivery.abort();
    expect(await sending).toMatchObject({ kind: 'failed', failure: { code: 'unreachable' } });
  });
});
