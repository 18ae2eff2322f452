import {
  Entitlements,
  isClientError,
  isLedgerError,
  LedgerError,
  Reader,
  valueOf,
  type Answer,
} from '../../clients/typescript/src/reader/index.js';
import { initialKeys } from '../support/initial-keys';
import { completed, TestService } from '../support/service';
import { problem, StubLedger, type StubAnswer } from '../support/stub-ledger';

const NOW = Date.parse('2026-10-20T00:00:00Z');

/** The error of an answer. @throws Error if the answer is a success. */
function errorOf(answer: Answer<unknown>): LedgerError {
  if (answer.ok) throw new Error('The answer is a success.');
  return answer.error;
}

describe('a reader of a real ledger', () => {
  let service: TestService;
  let reader: Reader;
  let position: string;
  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW });
    const { reader: key } = initialKeys(service.dataDir);
    reader = new Reader({ url: `${service.url}/`, ...(key === undefined ? {} : { key }) });
    const events = Array.from({ length: 130 }, (_, at) => completed({ session_id: `s-${at}` }));
    ({ position } = (await service.batch(events)).body);
  });
  afterAll(() => service.close());

  it('returns typed values, at least as new as the position it asks for', async () => {
    const answer = await reader.usageSummary('ann', { period: '2026-10', at_least: position });
    const summary = valueOf(answer);
    expect(summary).toMatchObject({ transcriptions: 130, cost_cents: 780, remaining_minutes: '0' });
    expect(answer.ok && BigInt(answer.position!) >= BigInt(position)).toBe(true);
    const minutes: string = summary.billable_minutes;
    const cents: number = summary.cost_cents;
    expect([minutes, cents]).toEqual(['260', 780]);
  });

  it('iterates a list page by page, from the start each time', async () => {
    const logs = reader.carrying(position).usageLogs('ann', { period: '2026-10', limit: 50 });
    const pages: number[] = [];
    for await (const page of logs.pages()) pages.push(page.items.length);
    expect(pages).toEqual([50, 50, 30]);
    const ids = new Set<string>();
    for await (const log of logs) ids.add(log.session_id);
    expect(ids.size).toBe(130);
    expect(await logs.toArray(60)).toHaveLength(60);
  });

  it('reads everything that a reader may', async () => {
    const carrying = reader.carrying(position);
    const [log] = await carrying.usageLogs('ann').toArray(1);
    expect(valueOf(await carrying.usageLog(log!.id)).explanation.steps.length).toBeGreaterThan(2);
    expect(valueOf(await carrying.session('s-7'))).toMatchObject({ user_id: 'ann', cost_cents: 6 });
    expect(valueOf(await carrying.usageHistory('ann', { months: 2 })).items).toHaveLength(2);
    const range = { from: '2026-10-01T00:00:00Z', to: '2026-10-08T00:00:00Z' };
    const { points } = valueOf(await carrying.usageTrend('ann', { ...range, group_by: 'day' }));
    expect(points.map((point) => point.transcriptions)).toEqual([0, 0, 0, 0, 130, 0, 0]);
    const entitlement = valueOf(await carrying.entitlement('ann', { minutes: '1' }));
    expect(entitlement).toMatchObject({ allowed: false, plan: 'free' });
    const plans = await carrying
      .list('/v1/plans', {})
      .toArray(10)
      .catch((error: unknown) => error);
    // A ledger with keys does not show these to readers.
    expect(Array.isArray(plans) || isLedgerError(plans, 'forbidden' as 'not_found')).toBe(true);
  });

  it('returns errors as values with the ledger’s code, or throws them while iterating a list', async () => {
    const error = errorOf(await reader.usageLog('no such'));
    expect(isLedgerError(error, 'not_found')).toBe(true);
    expect(error).toMatchObject({ code: 'not_found', status: 404 });
    const wrong = errorOf(await reader.usageSummary('ann', { period: '2026-13' }));
    expect(wrong).toMatchObject({ code: 'invalid_parameter', status: 400, pointer: '/period' });
    const thrown: unknown = await reader
      .usageLogs('a b')
      .toArray(1)
      .catch((one: unknown) => one);
    expect(isLedgerError(thrown, 'invalid_parameter')).toBe(true);
    expect(isLedgerError(thrown, 'not_found')).toBe(false);
    expect(() => valueOf({ ok: false, error })).toThrow(error);
  });

  it('carries the latest position that it has seen, so that no answer is older than the one before', async () => {
    const carrying = reader.carrying(position);
    const { body } = await service.one(completed({ user_id: 'bea' }));
    valueOf(await carrying.usageSummary('ann', { at_least: body.position }));
    expect(BigInt(carrying.position!)).toBeGreaterThanOrEqual(BigInt(body.position));
    expect(valueOf(await carrying.usageSummary('bea')).transcriptions).toBe(1);
    expect(reader.position).toBeUndefined();
    // An answer as of the past has the position of that past.
    const past = valueOf(await carrying.usageSummary('bea', { as_of: position }));
    expect(past.transcriptions).toBe(0);
  });
});

describe('a reader of a ledger that answers wrongly', () => {
  let stub: StubLedger;
  beforeEach(async () => (stub = await StubLedger.start()));
  afterEach(() => stub.close());

  const summary = (options: object = {}) =>
    new Reader({ url: stub.url, ...options }).usageSummary('ann');
  const good = { status: 200, body: { position: '5' } };

  it('retries while that may help, and no sooner than it is told', async () => {
    const answers = [
      problem(503, 'not_caught_up', { 'retry-after': '1' }),
      problem(429, 'rate_limited'),
      { status: 502, body: '<html>' },
      good,
    ];
    stub.answer(() => answers.shift());
    const began = performance.now();
    expect((await summary()).ok).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(stub.requests).toHaveLength(4);
  });

  it('gives up in time', async () => {
    stub.answer(() => problem(503, 'not_caught_up', { 'retry-after': '1' }));
    const error = errorOf(await summary({ retryMs: 500 }));
    expect(error).toMatchObject({ code: 'not_caught_up', status: 503, retryAfterMs: 1_000 });
    expect(stub.requests).toHaveLength(1);
  });

  it.each([
    ['a permanent error', problem(404, 'not_found'), 'not_found'],
    ['a page of another program', { status: 200, body: '<html>' }, 'unexpected_answer'],
    ['an error of another program', { status: 404, body: '<html>' }, 'unexpected_answer'],
  ])('does not retry after %s', async (_, answer: StubAnswer, code) => {
    stub.answer(() => answer);
    expect(errorOf(await summary())).toMatchObject({ code, status: answer.status });
    expect(stub.requests).toHaveLength(1);
  });

  it('reports when no answer came, and when the caller aborted', async () => {
    stub.answer(() => undefined);
    expect(errorOf(await summary({ timeoutMs: 50, retryMs: 0 })).code).toBe('timeout');
    const giving = new AbortController();
    const asked = new Reader({ url: stub.url }).usageSummary('ann', {}, { signal: giving.signal });
    giving.abort();
    expect(errorOf(await asked).code).toBe('aborted');
    const nobody = new Reader({ url: 'http://127.0.0.1:9', retryMs: 0 });
    expect(errorOf(await nobody.usageSummary('ann')).code).toBe('unreachable');
  });

  it('sends its key, percent-encodes ids in paths, and follows no redirect', async () => {
    let key = 'one';
    stub.answer(() => good);
    const reader = new Reader({ url: stub.url, key: () => key });
    await reader.usageSummary('a/b?c', { period: '2026-10' });
    key = 'two';
    await reader.session('s');
    expect(stub.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/users/a%2Fb%3Fc/usage-summary?period=2026-10', 'Bearer one'],
      ['/v1/sessions/s', 'Bearer two'],
    ]);
    key = 'three\n';
    await reader.session('s');
    expect(stub.requests.at(-1)!.headers.authorization).toBe('Bearer three');
    stub.answer(() => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' } }));
    expect(errorOf(await summary({ retryMs: 0 })).code).toBe('unreachable');
    expect(stub.requests).toHaveLength(4);
  });

  it.each(['', ' \n', 'secret\nkey', 'secrét'])(
    'refuses the key %j, both in the constructor and from a function',
    async (key) => {
      let thrown: unknown;
      try {
        new Reader({ url: stub.url, key });
      } catch (error) {
        thrown = error;
      }
      expect(isClientError(thrown, 'invalid_key')).toBe(true);
      const began = performance.now();
      const error = errorOf(await new Reader({ url: stub.url, key: () => key }).session('s'));
      expect(error).toMatchObject({ code: 'invalid_key', status: null });
      expect(performance.now() - began).toBeLessThan(1_000);
      for (const one of [thrown as Error, error]) expect(one.message).not.toContain('secr');
      expect(stub.requests).toEqual([]);
    },
  );

  it.each(['', '.', '..', undefined as unknown as string])(
    'sends nothing for the id %j, which would change the path',
    async (id) => {
      stub.answer(() => good);
      const reader = new Reader({ url: stub.url });
      expect(errorOf(await reader.session(id))).toMatchObject({
        code: 'invalid_parameter',
        status: null,
        pointer: '/session_id',
      });
      const entitlements = new Entitlements(reader, { whenUnknown: 'allow' });
      expect(await entitlements.check(id)).toMatchObject({ allowed: false, by: 'policy' });
      expect(stub.requests).toEqual([]);
    },
  );

  it('ends a list whose cursor does not advance', async () => {
    stub.answer(() => ({ status: 200, body: { items: [1], next_cursor: 'same' } }));
    const thrown: unknown = await new Reader({ url: stub.url })
      .usageLogs('ann')
      .toArray(1_000)
      .catch((error: unknown) => error);
    expect(isLedgerError(thrown, 'unexpected_answer')).toBe(true);
  });
});
