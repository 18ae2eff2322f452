import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  isClientError,
  Producer,
  type ProducerOptions,
  type RefusedFact,
  type SettledFact,
  type Trouble,
} from '../../clients/typescript/src/index.js';
import { eventually, pause } from '../support/eventually';
import { problem, StubLedger, takeAll, verdicts } from '../support/stub-ledger';

/** A spool in its own folder, the producers that use it, and what they reported. */
class Bench {
  readonly spool = mkdtempSync(join(tmpdir(), 'minutebook-spool-'));
  readonly settled: SettledFact[] = [];
  readonly refused: RefusedFact[] = [];
  readonly troubles: Trouble[] = [];
  private readonly producers: Producer[] = [];

  constructor(readonly ledger: StubLedger) {}

  open(options: Partial<ProducerOptions> = {}): Producer {
    const producer = new Producer({
      url: this.ledger.url,
      source: 'test/worker',
      spool: this.spool,
      onSettled: (fact) => this.settled.push(fact),
      onRefused: (fact) => this.refused.push(fact),
      onTrouble: (trouble) => this.troubles.push(trouble),
      ...options,
    });
    this.producers.push(producer);
    return producer;
  }

  /** The segment files in the spool. */
  segments(): string[] {
    return files(join(this.spool, 'writers')).filter((name) => name.endsWith('.facts'));
  }

  refusedFiles(): string[] {
    return files(join(this.spool, 'refused'));
  }

  async end(): Promise<void> {
    for (const producer of this.producers) await producer.close(0);
    await this.ledger.close();
    rmSync(this.spool, { recursive: true, force: true });
  }
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const of = (session_id: string, more: object = {}) => ({
  session_id,
  user_id: 'ann',
  stt_provider: 'google',
  ...more,
});
const ended = (session_id: string, more: object = {}) =>
  of(session_id, { duration_seconds: 60, ...more }) as Parameters<Producer['completed']>[0];

describe('a producer', () => {
  let bench: Bench;
  beforeEach(async () => (bench = new Bench(await StubLedger.start())));
  afterEach(() => bench.end());

  it('sends each kind of fact under an id made of session, attempt and kind', async () => {
    const producer = bench.open();
    const before = Date.now();
    await producer.started(of('rec-7', { language: 'zh' }));
    await producer.failed({ ...of('rec-7'), error_code: 'timeout' });
    await producer.retried({ session_id: 'rec-7', user_id: 'ann', attempt: 2, reason: 'asked' });
    const kept = await producer.completed(
      { ...of('rec-7'), attempt: 2, duration_seconds: { frames: 441_001, rate: 44_100 } },
      { extensions: { traceparent: '00-1-2-01' } },
    );
    expect(await producer.flush()).toBe(true);
    // On a busy machine, the first may be sent before the last is reported.
    const events = bench.ledger.requests.flatMap((request) => request.events);
    expect(events.map(({ id, type, source }) => [id, type, source])).toEqual([
      ['rec-7/1/started', 'transcription.session.started', 'test/worker'],
      ['rec-7/1/failed', 'transcription.session.failed', 'test/worker'],
      ['rec-7/2/retried', 'transcription.session.retried', 'test/worker'],
      ['rec-7/2/completed', 'transcription.session.completed', 'test/worker'],
    ]);
    expect(events[3]).toMatchObject({
      specversion: '1.0',
      traceparent: '00-1-2-01',
      time: kept.time,
      data: { attempt: 2, duration_seconds: '10.000022676' },
    });
    expect(Date.parse(kept.time)).toBeGreaterThanOrEqual(before);
    expect(bench.settled.map(({ id, status, position }) => [id, status, position])).toEqual(
      events.map(({ id }) => [id, 'recorded', '7']),
    );
    expect(bench.segments()).toEqual([]);
  });

  it('keeps the first time of a fact that is reported again, by this process or another, sent or not', async () => {
    const first = bench.open();
    const told = await first.started(of('s'), { time: '2026-10-05T12:00:00+02:00' });
    expect(told).toMatchObject({ time: '2026-10-05T10:00:00.000Z', again: false, kept: 'spool' });
    await first.flush();
    const second = bench.open();
    expect(await second.started(of('s'))).toMatchObject({ time: told.time, again: true });
    expect(await first.started(of('s'))).toMatchObject({ time: told.time, again: true });
    const later = await second.completed(ended('s'));
    expect(await first.completed(ended('s'))).toEqual({ ...later, again: true });
    await first.close();
    await second.close();
    const third = bench.open();
    expect(await third.started(of('s'))).toMatchObject({ time: told.time, again: true });
    expect(await third.started(of('s'), { id: 's/1/started/2' })).toMatchObject({ again: false });
    expect(await third.flush()).toBe(true);
    const times = bench.ledger.requests.flatMap((one) =>
      one.events.filter((event) => event.id === 's/1/started').map((event) => event.time),
    );
    expect(new Set(times)).toEqual(new Set([told.time]));
  });

  it('compresses what it sends, with its key, and goes on uncompressed if the server refuses that', async () => {
    const producer = bench.open({ key: 'mk_secret' });
    const many = async (name: string) => {
      await Promise.all(
        Array.from({ length: 50 }, (_, at) => producer.started(of(`${name}-${at}`))),
      );
      expect(await producer.flush()).toBe(true);
    };
    await many('packed');
    const [packed] = bench.ledger.requests;
    expect(packed!.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/cloudevents-batch+json',
      authorization: 'Bearer mk_secret',
    });
    expect(packed!.path).toBe('/v1/events');
    expect(packed!.bytes).toBeLessThan(packed!.text.length / 3);
    bench.ledger.answer((posted) =>
      posted.headers['content-encoding'] === undefined ? takeAll(posted) : problem(415, 'x'),
    );
    await many('plain');
    await many('again');
    const encodings = bench.ledger.requests.map((one) => one.headers['content-encoding']);
    expect(encodings).toEqual(['gzip', 'gzip', undefined, undefined]);
    expect(bench.troubles).toEqual([]);
  });

  it.each([
    ['no address', { url: 'nonsense' }, 'invalid_option'],
    ['a password in the address', { url: 'http://user:secret@127.0.0.1' }, 'invalid_option'],
    ['the address of an endpoint', { url: 'http://127.0.0.1/v1/events' }, 'invalid_option'],
    ['no source', { source: '' }, 'invalid_option'],
    ['no spool', { spool: '' }, 'invalid_option'],
    ['an empty key', { key: '' }, 'invalid_key'],
    ['a blank key', { key: ' \n' }, 'invalid_key'],
    ['a key of two lines', { key: 'secret\nkey' }, 'invalid_key'],
  ] as const)('refuses %s, and quotes no value', (_, options, code) => {
    let thrown: unknown;
    try {
      bench.open(options);
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, code)).toBe(true);
    expect((thrown as Error).message).not.toContain('secret');
  });

  it.each([
    ['without a session', 'invalid_field', () => ended('')],
    ['of a session with a slash', 'invalid_field', () => ended('a/b')],
    ['of a session with a bar', 'invalid_field', () => ended('a|b')],
    ['of a session that is two dots', 'invalid_field', () => ended('..')],
    ['of a session with an id that is too long', 'invalid_field', () => ended('s'.repeat(129))],
    ['of a user with a slash', 'invalid_field', () => ended('s', { user_id: 'a/b' })],
    ['of a client with a bar', 'invalid_field', () => ended('s', { client_id: 'a|b' })],
    ['with half an attempt', 'invalid_field', () => ended('s', { attempt: 1.5 })],
    ['with a length that is NaN', 'invalid_field', () => ended('s', { duration_seconds: NaN })],
    ['with channels that are NaN', 'invalid_field', () => ended('s', { channels: Number('two') })],
    ['with infinite speakers', 'invalid_field', () => ended('s', { speaker_count: Infinity })],
    [
      'with NaN deep in its metadata',
      'invalid_field',
      () => ended('s', { provider_metadata: { parts: [{ score: NaN }] } }),
    ],
    ['without a length', 'invalid_field', () => of('s') as never],
    ['of more than ten hours', 'invalid_field', () => ended('s', { duration_seconds: 36_000.5 })],
    ['of attempt 0', 'invalid_field', () => ended('s', { attempt: 0 })],
    ['of attempt 1001', 'invalid_field', () => ended('s', { attempt: 1_001 })],
    ['with a misspelt field', 'invalid_field', () => ended('s', { speakers_count: 2 })],
    [
      'that is too large',
      'fact_too_large',
      () => ended('s', { provider_metadata: { a: 'x'.repeat(3e5) } }),
    ],
  ] as const)('refuses a fact %s at once: %s', async (_, code, fact) => {
    const thrown: unknown = await bench
      .open()
      .completed(fact())
      .catch((error: unknown) => error);
    expect(isClientError(thrown, code)).toBe(true);
    expect(bench.segments()).toEqual([]);
  });

  it('names the field at fault, and the fields that its kind needs', async () => {
    const tell = (kind: 'failed' | 'retried', fact: object) =>
      bench
        .open()
        .tell(kind, fact as never)
        .catch((error: unknown) => error);
    await expect(tell('failed', of('s'))).resolves.toMatchObject({
      code: 'invalid_field',
      field: 'error_code',
      message: 'error_code must be given for failed.',
    });
    await expect(tell('retried', { session_id: 's', user_id: 'ann' })).resolves.toMatchObject({
      field: 'attempt',
    });
    await expect(tell('failed', { ...of('s'), error: 'timeout' })).resolves.toMatchObject({
      field: 'error',
      message: expect.stringMatching(
        /^error is not a field of failed\. It has .*error_code/,
      ) as unknown,
    });
    expect(bench.segments()).toEqual([]);
  });

  it.each([
    '2026-10-05',
    '2026-10-05T10:00:00',
    'nonsense',
    new Date(NaN),
    '2026-02-30T10:00:00Z',
    '2026-11-31T10:00:00+08:00',
    '2026-02-28T24:00:00Z',
  ])('refuses the time %p', async (time) => {
    const thrown: unknown = await bench
      .open()
      .started(of('s'), { time })
      .catch((error: unknown) => error);
    expect(isClientError(thrown, 'invalid_field')).toBe(true);
  });

  it('takes a leap day, and lower case', async () => {
    const told = await bench.open().started(of('s'), { time: '2028-02-29t23:59:59.5z' });
    expect(told.time).toBe('2028-02-29T23:59:59.500Z');
  });
});

describe('a producer, depending on the answer of the ledger,', () => {
  let bench: Bench;
  beforeEach(async () => (bench = new Bench(await StubLedger.start())));
  afterEach(() => bench.end());

  it.each([
    ['is overloaded', problem(503, 'overloaded', { 'retry-after': '1' }), 'overloaded'],
    ['limits the rate', problem(429, 'rate_limited', { 'retry-after': '1' }), 'rate_limited'],
    ['is broken', { status: 500, body: 'oops' }, 'unavailable'],
    ['does not know the key', problem(401, 'unauthorized'), 'unauthorized'],
    ['forbids this key', { status: 403, body: {} }, 'forbidden'],
    ['is another program', { status: 200, body: '<html>' }, 'unexpected_answer'],
    [
      'is behind a proxy that redirects',
      { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      'unexpected_answer',
    ],
    ['is at another path', { status: 404, body: { detail: 'no' } }, 'unexpected_answer'],
    [
      'answers for another request',
      { status: 200, body: { position: '1', results: [] } },
      'unexpected_answer',
    ],
  ])('keeps facts and sends them again, if the ledger %s', async (_, answer, code) => {
    bench.ledger.answer(() => answer);
    const producer = bench.open();
    await producer.completed(ended('s'));
    await eventually(() => bench.troubles.length > 0);
    expect(bench.troubles[0]).toMatchObject({ code, status: answer.status, tries: 1 });
    expect(bench.segments()).toHaveLength(1);
    bench.ledger.answer(takeAll);
    expect(await producer.flush()).toBe(true);
    expect(bench.settled.map((fact) => fact.id)).toEqual(['s/1/completed']);
    expect(bench.refusedFiles()).toEqual([]);
  });

  it('waits as long as Retry-After says, and not less for facts that arrive meanwhile', async () => {
    bench.ledger.answer(() => problem(503, 'overloaded', { 'retry-after': '2' }));
    const producer = bench.open();
    await producer.completed(ended('a'));
    await eventually(() => bench.troubles.length > 0);
    const since = performance.now();
    bench.ledger.answer(takeAll);
    await producer.completed(ended('b'));
    await eventually(() => bench.settled.length === 2);
    expect(performance.now() - since).toBeGreaterThan(1_800);
    expect(bench.troubles[0]!.retry_in_ms).toBeGreaterThanOrEqual(2_000);
    expect(bench.ledger.sent).toEqual(['a/1/completed', 'a/1/completed', 'b/1/completed']);
  });

  it('waits as long as Retry-After says in a flush too, but no longer than the flush', async () => {
    bench.ledger.answer(() => problem(503, 'overloaded', { 'retry-after': '2' }));
    const producer = bench.open();
    await producer.completed(ended('a'));
    await eventually(() => bench.troubles.length > 0);
    const since = performance.now();
    expect(await producer.flush(200)).toBe(false);
    bench.ledger.answer(takeAll);
    expect(await producer.flush()).toBe(true);
    expect(performance.now() - since).toBeGreaterThan(1_800);
    expect(bench.ledger.requests).toHaveLength(2);
    bench.ledger.answer(() => problem(503, 'overloaded', { 'retry-after': '60' }));
    await producer.completed(ended('b'));
    await eventually(() => bench.ledger.requests.length === 3);
    const closing = performance.now();
    expect(await producer.close(300)).toBe(false);
    expect(performance.now() - closing).toBeLessThan(5_000);
    expect(bench.ledger.requests).toHaveLength(3);
  });

  it('sends what waited, once its key is changed', async () => {
    bench.ledger.answer((posted) =>
      posted.headers.authorization === 'Bearer new'
        ? takeAll(posted)
        : problem(401, 'unauthorized'),
    );
    let key = 'old';
    const producer = bench.open({ key: () => Promise.resolve(key) });
    await producer.completed(ended('s'));
    await eventually(() => bench.troubles.some((trouble) => trouble.code === 'unauthorized'));
    key = 'new\nline';
    await eventually(() => bench.troubles.some((trouble) => trouble.code === 'invalid_key'));
    expect(JSON.stringify(bench.troubles)).not.toContain('line');
    key = 'new';
    expect(await producer.flush()).toBe(true);
  });

  it('gives up on an answer that does not come, and sends the facts again', async () => {
    bench.ledger.answer(() => undefined);
    const producer = bench.open({ timeoutMs: 200 });
    await producer.completed(ended('s'));
    await eventually(() => bench.troubles.length > 0);
    expect(bench.troubles[0]).toMatchObject({ code: 'timeout', status: null });
    bench.ledger.answer(takeAll);
    expect(await producer.flush()).toBe(true);
  });

  it('sets permanently refused facts aside with the reason, reports them, and sends the rest', async () => {
    bench.ledger.answer(({ events }) =>
      verdicts(events, ({ id }) =>
        id.startsWith('bad')
          ? {
              status: 'rejected',
              code: 'session_user_mismatch',
              detail: 'Not yours.',
              pointer: '/data/user_id',
              fields: null,
            }
          : { status: 'recorded' },
      ),
    );
    const producer = bench.open();
    await Promise.all(['good', 'bad', 'fine'].map((session) => producer.completed(ended(session))));
    expect(await producer.flush()).toBe(true);
    expect(bench.settled.map((fact) => fact.id)).toEqual(['good/1/completed', 'fine/1/completed']);
    const refusal = {
      code: 'session_user_mismatch',
      detail: 'Not yours.',
      pointer: '/data/user_id',
    };
    expect(bench.refused).toMatchObject([{ ...refusal, event: { id: 'bad/1/completed' } }]);
    expect([...producer.refused()]).toEqual(bench.refused);
    await producer.close();
    const other = bench.open();
    expect([...other.refused()]).toEqual(bench.refused);
    bench.ledger.answer(takeAll);
    expect(other.resendRefused()).toBe(1);
    expect(await other.flush()).toBe(true);
    expect(bench.settled.at(-1)).toMatchObject({ id: 'bad/1/completed', status: 'recorded' });
    expect([...other.refused()]).toEqual([]);
  });

  it("calls a fact a duplicate if only its time differs from the ledger's", async () => {
    const reused = (fields: string[]) => ({
      status: 'rejected',
      code: 'event_id_reused',
      detail: 'x',
      pointer: null,
      fields,
    });
    bench.ledger.answer(({ events }) =>
      verdicts(events, ({ id }) =>
        reused(id.startsWith('time') ? ['time'] : ['data.word_count', 'time']),
      ),
    );
    const producer = bench.open();
    await producer.completed(ended('time'));
    await producer.completed(ended('more'));
    expect(await producer.flush()).toBe(true);
    expect(bench.settled).toEqual([
      {
        id: 'time/1/completed',
        source: 'test/worker',
        status: 'duplicate',
        position: null,
        time_differs: true,
      },
    ]);
    expect(bench.refused).toMatchObject([
      { code: 'event_id_reused', fields: ['data.word_count', 'time'] },
    ]);
  });

  it('forgets a time that the ledger refuses: reported again, the fact gets a new time', async () => {
    bench.ledger.answer(({ events }) =>
      verdicts(events, () => ({
        status: 'rejected',
        code: 'invalid_attribute',
        detail: 'x',
        pointer: '/time',
        fields: null,
      })),
    );
    const producer = bench.open();
    const first = await producer.started(of('s'), { time: '1969-01-01T00:00:00Z' });
    await producer.flush();
    const again = await producer.started(of('s'));
    expect(again).toMatchObject({ again: false });
    expect(again.time).not.toBe(first.time);
  });

  it('keeps what is refused for a temporary reason, and still sends the rest', async () => {
    bench.ledger.answer(({ events }) =>
      verdicts(events, ({ id }) =>
        id.startsWith('ahead')
          ? {
              status: 'rejected',
              code: 'time_in_future',
              detail: 'Check the clock.',
              pointer: '/time',
              fields: null,
            }
          : { status: 'recorded' },
      ),
    );
    const producer = bench.open();
    await producer.completed(ended('ahead'));
    await producer.completed(ended('a'));
    await eventually(() => bench.settled.length === 1);
    await producer.completed(ended('b'));
    await eventually(() => bench.settled.length === 2);
    expect(bench.troubles).toMatchObject([{ code: 'time_in_future', tries: 1 }]);
    expect(bench.refused).toEqual([]);
    expect(bench.segments()).toHaveLength(1);
    expect(await producer.close(100)).toBe(false);
    bench.ledger.answer(takeAll);
    const next = bench.open();
    expect(await next.flush()).toBe(true);
    expect(bench.settled.map((fact) => fact.id)).toContain('ahead/1/completed');
  });

  it.each([
    ['too large', problem(413, 'body_too_large')],
    ['unreadable', problem(400, 'invalid_json')],
  ])(
    'splits a request that is refused whole as %s, so that sound facts are taken',
    async (_, refusal) => {
      bench.ledger.answer((posted) =>
        posted.events.some((event) => event.id.startsWith('bad')) ? refusal : takeAll(posted),
      );
      const producer = bench.open();
      const sessions = Array.from({ length: 100 }, (__, at) => (at === 61 ? 'bad' : `s-${at}`));
      await Promise.all(sessions.map((session) => producer.completed(ended(session))));
      expect(await producer.flush()).toBe(true);
      expect(bench.settled).toHaveLength(99);
      expect(bench.refused).toMatchObject([{ event: { id: 'bad/1/completed' } }]);
    },
  );

  it('loses nothing to a proxy that refuses every request', async () => {
    bench.ledger.answer(() => ({ status: 413, body: '<html>' }));
    const producer = bench.open();
    await producer.completed(ended('a'));
    await producer.completed(ended('b'));
    await eventually(() => bench.troubles.length > 0);
    expect(bench.troubles[0]).toMatchObject({ code: 'body_too_large' });
    bench.ledger.answer(takeAll);
    expect(await producer.flush()).toBe(true);
    expect(bench.refused).toEqual([]);
    expect(bench.settled).toHaveLength(2);
  });

  it('sends the others, if the server always fails on one event', async () => {
    bench.ledger.answer((posted) =>
      posted.events.some((event) => event.id.startsWith('bad'))
        ? problem(500, 'internal_error')
        : takeAll(posted),
    );
    const producer = bench.open();
    const sessions = Array.from({ length: 30 }, (_, at) => (at === 11 ? 'bad' : `s-${at}`));
    await Promise.all(sessions.map((session) => producer.completed(ended(session))));
    await eventually(() => bench.settled.length === 29);
    expect(bench.refused).toEqual([]);
    expect(bench.segments()).toHaveLength(1);
  });

  it('sends what is reported later, if the server always fails on an event that was found before', async () => {
    bench.ledger.answer((posted) =>
      posted.events.some((event) => event.id.startsWith('bad'))
        ? problem(500, 'internal_error')
        : takeAll(posted),
    );
    const producer = bench.open();
    await producer.completed(ended('bad'));
    await eventually(() => bench.troubles.length > 0);
    await producer.completed(ended('a'));
    await eventually(() => bench.settled.length === 1);
    expect(bench.segments()).toHaveLength(1);
    bench.ledger.answer(takeAll);
    expect(await producer.flush(5_000)).toBe(true);
    expect(bench.settled.map((fact) => fact.id)).toEqual(['a/1/completed', 'bad/1/completed']);
    expect(bench.refused).toEqual([]);
  });

  it('sends everything in one flush, if the server failed several times and then recovers', async () => {
    let failures = 4;
    bench.ledger.answer((posted) =>
      (failures -= 1) >= 0 ? problem(500, 'internal_error') : takeAll(posted),
    );
    const producer = bench.open();
    await producer.completed(ended('a'));
    expect(await producer.flush(15_000)).toBe(true);
    expect(bench.troubles).toHaveLength(4);
  });

  it('goes on after a callback throws', async () => {
    const producer = bench.open({
      onSettled: () => {
        throw new Error('mine');
      },
    });
    await producer.completed(ended('a'));
    expect(await producer.flush()).toBe(true);
    expect(bench.troubles).toMatchObject([{ code: 'callback_failed', detail: 'mine' }]);
    await producer.completed(ended('b'));
    expect(await producer.flush()).toBe(true);
  });
});

describe('a spool', () => {
  let bench: Bench;
  beforeEach(async () => (bench = new Bench(await StubLedger.start())));
  afterEach(() => bench.end());

  const away = () => bench.ledger.answer(() => problem(503, 'overloaded'));

  it('is sent by the next process that opens it, and is empty afterwards', async () => {
    away();
    const first = bench.open();
    await Promise.all(Array.from({ length: 5_000 }, (_, at) => first.completed(ended(`s-${at}`))));
    expect(await first.close(50)).toBe(false);
    expect(bench.segments().length).toBeGreaterThan(2);
    bench.ledger.answer(takeAll);
    const second = bench.open();
    expect(await second.flush()).toBe(true);
    expect(new Set(bench.settled.map((fact) => fact.id)).size).toBe(5_000);
    for (const { events, text } of bench.ledger.requests) {
      expect(events.length).toBeLessThanOrEqual(10_000);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16 * 1024 * 1024);
    }
    await second.close();
    expect(files(join(bench.spool, 'writers'))).toEqual([]);
  });

  it('is readable only by its owner', async () => {
    away();
    await bench.open().completed(ended('s'));
    for (const path of files(bench.spool))
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
  });

  it('reports that it is full, and takes facts again once the ledger has its contents', async () => {
    away();
    const producer = bench.open({ maxSpoolBytes: 1024 * 1024 });
    let kept = 0;
    let thrown: unknown;
    const fact = (at: number) =>
      ended(`s-${at}`, { provider_metadata: { text: 'x'.repeat(10_000) } });
    for (; thrown === undefined && kept < 200; kept += 1) {
      await producer.completed(fact(kept)).catch((error: unknown) => (thrown = error));
    }
    expect(isClientError(thrown, 'spool_full')).toBe(true);
    expect(kept).toBeGreaterThan(90);
    bench.ledger.answer(takeAll);
    expect(await producer.flush()).toBe(true);
    expect(await producer.completed(fact(999))).toMatchObject({ kept: 'spool' });
  });

  it('is bypassed when full, if the ledger takes the fact at once', async () => {
    away();
    const producer = bench.open({ maxSpoolBytes: 1024 * 1024 });
    const large = (at: number) =>
      ended(`s-${at}`, { provider_metadata: { text: 'x'.repeat(200_000) } });
    for (let at = 0; at < 5; at += 1) await producer.completed(large(at));
    bench.ledger.answer((posted) =>
      posted.events.length === 1 ? takeAll(posted) : problem(503, 'overloaded'),
    );
    expect(await producer.completed(large(5))).toMatchObject({ kept: 'ledger' });
    expect(bench.ledger.requests.at(-1)!.events.map((event) => event.id)).toEqual([
      's-5/1/completed',
    ]);
    bench.ledger.answer(({ events }) =>
      verdicts(events, () => ({
        status: 'rejected',
        code: 'fact_voided',
        detail: 'Gone.',
        fields: null,
      })),
    );
    const thrown: unknown = await producer.completed(large(6)).catch((error: unknown) => error);
    expect(isClientError(thrown, 'fact_refused')).toBe(true);
    expect((thrown as Error).message).toContain('fact_voided');
  });

  it('loses nothing if another process takes its files over, believing this one dead', async () => {
    away();
    const producer = bench.open();
    await producer.completed(ended('before'));
    const [segment] = bench.segments();
    // As if this process had been silent for long, in another PID namespace.
    const owner = join(segment!, '../owner.json');
    writeFileSync(owner, JSON.stringify({ pid: 1, since: '1', space: 'elsewhere' }));
    utimesSync(owner, 0, 0);
    const other = bench.open({ source: 'test/other' });
    expect(bench.segments().every((path) => !path.includes(segment!))).toBe(true);
    await producer.completed(ended('after'));
    bench.ledger.answer(takeAll);
    expect(await other.flush()).toBe(true);
    expect(await producer.flush()).toBe(true);
    const ids = new Set(bench.settled.map((fact) => fact.id));
    expect(ids).toEqual(new Set(['before/1/completed', 'after/1/completed']));
  });

  it('is sent up to a line that a power cut left incomplete; a line damaged in the middle is kept and reported', async () => {
    away();
    const first = bench.open();
    for (const session of ['a', 'b', 'c']) await first.completed(ended(session));
    await first.close(0);
    const [segment] = bench.segments();
    const lines = readFileSync(segment!, 'utf8');
    writeFileSync(segment!, `${lines}0123abcd {"id":"half`);
    bench.ledger.answer(takeAll);
    const second = bench.open();
    expect(await second.flush()).toBe(true);
    expect(bench.settled).toHaveLength(3);
    expect(bench.troubles.filter((trouble) => trouble.code === 'spool_damaged')).toEqual([]);

    away();
    for (const session of ['d', 'e', 'f']) await second.completed(ended(session));
    await second.close(0);
    const [other] = bench.segments();
    writeFileSync(other!, readFileSync(other!, 'utf8').replace('e/1/completed', 'E/1/completed'));
    bench.ledger.answer(takeAll);
    expect(await bench.open().flush()).toBe(true);
    expect(bench.settled.map((fact) => fact.id).slice(3)).toEqual([
      'd/1/completed',
      'f/1/completed',
    ]);
    expect(bench.troubles.filter((trouble) => trouble.code === 'spool_damaged')).toHaveLength(1);
    const [copy] = bench.refusedFiles();
    expect(readFileSync(copy!, 'utf8')).toContain('E/1/completed');
  });

  it('is left alone if another version made it, or if it is not a spool', () => {
    writeFileSync(join(bench.spool, 'format'), 'minutebook spool 2\n');
    let thrown: unknown;
    try {
      bench.open();
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'spool_unknown')).toBe(true);
  });

  it('takes no fact after it is closed', async () => {
    const producer = bench.open();
    const told = producer.completed(ended('a'));
    const closed = producer.close();
    await told;
    expect(await closed).toBe(true);
    expect(bench.settled).toHaveLength(1);
    const thrown: unknown = await producer.completed(ended('b')).catch((error: unknown) => error);
    expect(isClientError(thrown, 'closed')).toBe(true);
    await pause(0);
  });
});
