import {
  Entitlements,
  isClientError,
  Reader,
  type EntitlementsOptions,
} from '../../clients/typescript/src/reader/index.js';
import { eventually } from '../support/eventually';
import { problem, StubLedger, type Posted, type StubAnswer } from '../support/stub-ledger';

describe('the entitlement check', () => {
  let stub: StubLedger;
  beforeEach(async () => (stub = await StubLedger.start(allows(true))));
  afterEach(() => stub.close());

  const checking = (options: Partial<EntitlementsOptions> = {}) =>
    new Entitlements(new Reader({ url: stub.url }), {
      whenUnknown: 'deny',
      timeoutMs: 5_000,
      ...options,
    });

  it('must be told what to answer while the ledger is unavailable', () => {
    const reader = new Reader({ url: stub.url });
    for (const options of [undefined, {}, { whenUnknown: 'maybe' }]) {
      let thrown: unknown;
      try {
        new Entitlements(reader, options as never);
      } catch (error) {
        thrown = error;
      }
      expect(isClientError(thrown, 'invalid_option')).toBe(true);
    }
  });

  function allows(allowed: boolean): (posted: Posted) => StubAnswer {
    return () => ({ status: 200, body: { allowed, plan: 'free', limits: [], position: '1' } });
  }

  it('asks the ledger, then answers from memory for a moment; many calls at once make one request', async () => {
    const entitlements = checking({ cacheMs: 400 });
    const many = await Promise.all(
      Array.from({ length: 20 }, () => entitlements.check('ann', { minutes: '5' })),
    );
    expect(many.every(({ allowed, by }) => allowed && by === 'ledger')).toBe(true);
    expect(await entitlements.check('ann', { minutes: '5' })).toMatchObject({
      allowed: true,
      by: 'cache',
    });
    expect(stub.requests.map(({ path }) => path)).toEqual(['/v1/users/ann/entitlement?minutes=5']);
    expect((await entitlements.check('ann', { minutes: '6' })).by).toBe('ledger');
    stub.answer(allows(false));
    await eventually(async () => !(await entitlements.check('ann', { minutes: '5' })).allowed);
    expect((await entitlements.check('ann', { minutes: '6' })).error).toBeNull();
  });

  it('asks again if anything in the question differs, even a parameter that it does not know', async () => {
    const entitlements = checking({ cacheMs: 60_000 });
    const question = { minutes: '5', seats: 1 };
    for (const wanted of [question, { ...question, seats: 2 }, { minutes: '5' }, {}]) {
      expect((await entitlements.check('ann', wanted)).by).toBe('ledger');
    }
    const same = [
      { seats: 1, minutes: '5' },
      { minutes: '5', seats: undefined },
      { seats: undefined },
    ];
    for (const wanted of same) {
      expect((await entitlements.check('ann', wanted)).by).toBe('cache');
    }
    expect(stub.requests).toHaveLength(4);
  });

  it('forgets a user on demand', async () => {
    const entitlements = checking({ cacheMs: 60_000 });
    for (const user of ['ann', 'anna']) await entitlements.check(user, { export_format: 'srt' });
    stub.answer(allows(false));
    entitlements.forget('ann');
    expect((await entitlements.check('ann', { export_format: 'srt' })).allowed).toBe(false);
    expect((await entitlements.check('anna', { export_format: 'srt' })).allowed).toBe(true);
  });

  it.each([
    ['is away', undefined, 'timeout'],
    ['is overloaded', problem(503, 'overloaded'), 'overloaded'],
    ['does not know the key', problem(401, 'unauthorized'), 'unauthorized'],
  ])(
    'fails as the caller chose, if the ledger %s',
    async (_, answer: StubAnswer | undefined, code) => {
      stub.answer(() => answer);
      for (const whenUnknown of ['allow', 'deny'] as const) {
        const decision = await checking({ whenUnknown, timeoutMs: 150 }).check('ann');
        expect(decision).toMatchObject({
          allowed: whenUnknown === 'allow',
          by: 'policy',
          entitlement: null,
        });
        expect([code, 'timeout']).toContain(decision.error!.code);
      }
    },
  );

  it('never fails open for an invalid question', async () => {
    stub.answer(() => problem(400, 'invalid_parameter'));
    const decision = await checking({ whenUnknown: 'allow' }).check('ann', { minutes: '-1' });
    expect(decision).toMatchObject({
      allowed: false,
      by: 'policy',
      error: { code: 'invalid_parameter' },
    });
  });

  it('uses a recent answer while the ledger is down, but not for long', async () => {
    const entitlements = checking({ cacheMs: 0, staleMs: 600, timeoutMs: 100 });
    expect(await entitlements.check('ann')).toMatchObject({ allowed: true, by: 'ledger' });
    stub.answer(() => undefined);
    expect(await entitlements.check('ann')).toMatchObject({
      allowed: true,
      by: 'cache',
      error: { code: 'timeout' },
    });
    await eventually(async () => (await entitlements.check('ann')).by === 'policy');
    expect((await entitlements.check('ann')).allowed).toBe(false);
  });

  it('keeps a limited number of answers, and drops the least recently used first', async () => {
    const entitlements = checking({ cacheMs: 60_000, maxEntries: 2 });
    for (const user of ['a', 'b', 'a', 'c']) await entitlements.check(user);
    expect(stub.requests).toHaveLength(3);
    expect((await entitlements.check('a')).by).toBe('cache');
    expect((await entitlements.check('b')).by).toBe('ledger');
  });
});
