import {
  Entitlements,
  Reader,
  type LedgerError,
} from '../../clients/typescript/src/reader/index.js';
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
