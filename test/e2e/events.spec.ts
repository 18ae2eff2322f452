import { BATCH, completed, STRUCTURED, TestService } from '../support/service';

describe('POST /v1/events', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  it('records one event in structured mode, and returns its position', async () => {
    const event = completed();
    const { status, body, headers } = await service.one(event);
    expect(status).toBe(201);
    expect(body.results).toEqual([
      { id: event['id'], source: 'test/worker', status: 'recorded', position: body.position },
    ]);
    expect(headers.get('minutebook-position')).toBe(body.position);
  });

  it('records one event in binary mode, with percent-encoded headers', async () => {
    const { data, ...attributes } = completed({}, { source: 'wörker' });
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        `ce-${name}`,
        encodeURIComponent(String(value)),
      ]),
    );
    const { status, body } = await service.post<{ results: unknown[] }>(
      '/v1/events',
      'application/json; charset=UTF-8',
      JSON.stringify(data),
      headers,
    );
    expect(status).toBe(201);
    expect(body.results[0]).toMatchObject({ source: 'wörker', status: 'recorded' });
  });

  it('calls the same fact a duplicate in any mode, at its first position', async () => {
    const event = completed();
    const first = await service.one(event);
    const again = await service.batch([event, { ...event, traceparent: 'another' }]);
    expect(again.status).toBe(200);
    expect(again.body.results.map((one) => [one.status, one.position])).toEqual([
      ['duplicate', first.body.position],
      ['duplicate', first.body.position],
    ]);
    expect((await service.one(event)).status).toBe(200);
  });

  it('finds duplicates, reuse, other users and second outcomes within one batch', async () => {
    const event = completed({ session_id: 'inside' });
    const data = event['data'] as object;
    const { status, body } = await service.batch([
      event,
      event,
      { ...event, data: { ...data, duration_seconds: 91, word_count: 3 } },
      completed({ session_id: 'inside', user_id: 'bob', attempt: 2 }),
      completed({ session_id: 'inside' }),
      completed({ session_id: 'inside', attempt: 2 }),
    ]);
    expect(status).toBe(207);
    expect(body.results.map((one) => one.code ?? one.status)).toEqual([
      'recorded',
      'duplicate',
      'event_id_reused',
      'session_user_mismatch',
      'attempt_already_settled',
      'recorded',
    ]);
    expect(body.results[1]!.position).toBe(body.results[0]!.position);
    expect(body.results[2]!.fields).toEqual(['data.duration_seconds', 'data.word_count']);
  });

  it('answers a rejected single event with a problem: 409 if it contradicts the ledger', async () => {
    const event = completed();
    await service.one(event);
    const reused = await service.one({ ...event, time: '2026-10-05T11:00:00Z' });
    expect(reused.status).toBe(409);
    expect(reused.headers.get('content-type')).toContain('application/problem+json');
    expect(reused.body).toMatchObject({ code: 'event_id_reused', fields: ['time'] });
  });

  it('records two hundred simultaneous first writes to one session, each fact once', async () => {
    const events = Array.from({ length: 200 }, (_, index) =>
      completed(
        { session_id: 'crowd', attempt: index + 1 },
        { id: `crowd-${index % 100}`, source: `s${Math.floor(index / 100)}` },
      ),
    );
    const answers = await Promise.all(events.map((event) => service.one(event)));
    expect(answers.map((answer) => answer.status)).toEqual(events.map(() => 201));
    const positions = answers.map((answer) => answer.body.position);
    const head = positions.map(Number).sort((a, b) => b - a)[0]!;
    const { body } = await service.get<{ attempts: unknown[] }>(
      `/v1/sessions/crowd?at_least=${head}`,
    );
    expect(body.attempts).toHaveLength(200);
  });

  it('records one of two hundred simultaneous copies of an event', async () => {
    const event = completed();
    const answers = await Promise.all(Array.from({ length: 200 }, () => service.one(event)));
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([...Array.from({ length: 199 }, () => 200), 201]);
    expect(new Set(answers.map((answer) => answer.body.results[0]!.position)).size).toBe(1);
  });

  it('accepts OpenMeter posts: 204, with the position in a header', async () => {
    const { status, headers, body } = await service.post(
      '/api/v1/events',
      BATCH,
      JSON.stringify([completed(), completed()]),
    );
    expect(status).toBe(204);
    expect(body).toBeUndefined();
    expect(Number(headers.get('minutebook-position'))).toBeGreaterThan(0);
    const rejected = await service.post('/api/v1/events', BATCH, '[{}]');
    expect(rejected.status).toBe(422);
  });

  it("accepts an empty batch, and returns the ledger's position", async () => {
    const { status, body } = await service.batch([]);
    expect(status).toBe(200);
    expect(body.results).toEqual([]);
    expect(Number(body.position)).toBeGreaterThan(0);
  });

  it('rejects one bad event without spoiling its batch', async () => {
    const { status, body } = await service.batch([completed(), 7, null, [], completed()]);
    expect(status).toBe(207);
    expect(body.results.map((one) => one.code ?? one.status)).toEqual([
      'recorded',
      'invalid_event',
      'invalid_event',
      'invalid_event',
      'recorded',
    ]);
  });

  describe('refuses a request as a whole, and records nothing of it:', () => {
    const MIB = 1024 * 1024;
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const event = JSON.stringify(completed());
    it.each([
      ['not JSON', STRUCTURED, '{"a":', 400, 'invalid_json'],
      ['an empty body', STRUCTURED, '', 400, 'invalid_json'],
      ['no UTF-8', STRUCTURED, Buffer.from([0x22, 0xff, 0x22]), 400, 'invalid_json'],
      ['a byte order mark', STRUCTURED, `\ufeff${event}`, 400, 'invalid_json'],
      ['a batch that is not a list', BATCH, event, 400, 'invalid_body'],
      ['65 levels', BATCH, deep(65), 400, 'too_deep'],
      ['a million levels', BATCH, deep(1_000_000), 400, 'too_deep'],
      ['more than 16 MiB', BATCH, ' '.repeat(16 * MIB + 1), 413, 'body_too_large'],
      ['an event of more than 1 MiB', STRUCTURED, event + ' '.repeat(MIB), 413, 'body_too_large'],
      [
        'an event of more than 1 MiB in a batch',
        BATCH,
        `[${event},${event + ' '.repeat(MIB)}]`,
        413,
        'body_too_large',
      ],
      ['a batch that ends too early', BATCH, `[${`${event},`.repeat(2_000)}`, 400, 'invalid_json'],
      ['a batch that goes on after its end', BATCH, `[${event}],`, 400, 'invalid_json'],
      ['10,001 events', BATCH, `[${'{},'.repeat(10_000)}{}]`, 413, 'too_many_events'],
      ['text', 'text/plain', event, 415, 'unsupported_media_type'],
      ['a form', 'application/x-www-form-urlencoded', 'a=b', 415, 'unsupported_media_type'],
      ['no media type', undefined, Buffer.from(event), 415, 'unsupported_media_type'],
      ['another charset', `${STRUCTURED}; charset=latin1`, event, 415, 'unsupported_media_type'],
    ] as const)('%s', async (_, type, body, status, code) => {
      const before = (await service.batch([])).body.position;
      const answer = await service.post<{ code: string }>('/v1/events', type, body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect((await service.batch([])).body.position).toBe(before);
    });

    it.each([
      ['br', 415, 'unsupported_media_type'],
      ['gzip', 400, 'invalid_body'],
    ])(
      'a body that claims the encoding %s, which is untrue or not accepted',
      async (encoding, status, code) => {
        const answer = await service.post<{ code: string }>('/v1/events', STRUCTURED, event, {
          'content-encoding': encoding,
        });
        expect([answer.status, answer.body.code]).toEqual([status, code]);
      },
    );
  });

  describe('refuses an event with a code and a pointer, and records nothing:', () => {
    const without = (name: string) => {
      const event = completed();
      delete event[name];
      return event;
    };
    const bad: [string, unknown, string, string?][] = [
      ['without specversion', without('specversion'), 'missing_attribute', '/specversion'],
      ['without id', without('id'), 'missing_attribute', '/id'],
      ['without source', without('source'), 'missing_attribute', '/source'],
      ['without type', without('type'), 'missing_attribute', '/type'],
      ['without time', without('time'), 'missing_attribute', '/time'],
      ['without data', without('data'), 'missing_attribute', '/data'],
      ['an empty id', completed({}, { id: '' }), 'invalid_attribute', '/id'],
      [
        'an id of 513 characters',
        completed({}, { id: 'x'.repeat(513) }),
        'invalid_attribute',
        '/id',
      ],
      ['a control character', completed({}, { id: 'a\nb' }), 'invalid_attribute', '/id'],
      ['U+0000 in source', completed({}, { source: 'a\u0000' }), 'invalid_attribute', '/source'],
      [
        'a lone surrogate in source',
        completed({}, { source: '\ud800' }),
        'invalid_attribute',
        '/source',
      ],
      [
        'specversion 0.3',
        completed({}, { specversion: '0.3' }),
        'unsupported_specversion',
        '/specversion',
      ],
      ['an unknown type', completed({}, { type: 'x' }), 'unknown_type', '/type'],
      [
        'a type that only the ledger writes',
        completed({}, { type: 'session.voided' }),
        'unknown_type',
        '/type',
      ],
      ['a date', completed({}, { time: '2026-10-05' }), 'invalid_attribute', '/time'],
      [
        'a time in the future',
        completed({}, { time: '2999-01-01T00:00:00Z' }),
        'time_in_future',
        '/time',
      ],
      [
        'a leap second',
        completed({}, { time: '2026-10-05T10:00:60Z' }),
        'invalid_attribute',
        '/time',
      ],
      ['another subject', completed({}, { subject: 'other' }), 'subject_mismatch', '/subject'],
      ['data that is a text', completed({}, { data: 'x' }), 'invalid_attribute', '/data'],
      ['an unknown field', completed({ cost: 1 }), 'unknown_field', '/data/cost'],
      [
        'a claimed type',
        completed({ transcription_type: 'original' }),
        'unknown_field',
        '/data/transcription_type',
      ],
      ['a missing field', completed({ user_id: undefined }), 'missing_field', '/data/user_id'],
      [
        'a null for a required field',
        completed({ duration_seconds: null }),
        'missing_field',
        '/data/duration_seconds',
      ],
      [
        'a negative duration',
        completed({ duration_seconds: -1 }),
        'invalid_field',
        '/data/duration_seconds',
      ],
      [
        'an over-long duration',
        completed({ duration_seconds: 36_000.1 }),
        'invalid_field',
        '/data/duration_seconds',
      ],
      ['"NaN"', completed({ duration_seconds: 'NaN' }), 'invalid_field', '/data/duration_seconds'],
      [
        'an exponent',
        completed({ duration_seconds: '1e3' }),
        'invalid_field',
        '/data/duration_seconds',
      ],
      [
        'ten decimals',
        completed({ duration_seconds: '0.0000000001' }),
        'invalid_field',
        '/data/duration_seconds',
      ],
      ['an id with a slash', completed({ session_id: 'a/b' }), 'invalid_field', '/data/session_id'],
      ['the id ".."', completed({ session_id: '..' }), 'invalid_field', '/data/session_id'],
      ['attempt 0', completed({ attempt: 0 }), 'invalid_field', '/data/attempt'],
      ['attempt 1.5', completed({ attempt: 1.5 }), 'invalid_field', '/data/attempt'],
      ['attempt "1"', completed({ attempt: '1' }), 'invalid_field', '/data/attempt'],
      [
        'a confidence of 1.1',
        completed({ confidence_score: 1.1 }),
        'invalid_field',
        '/data/confidence_score',
      ],
      [
        '17 KiB of metadata',
        completed({ provider_metadata: { a: 'x'.repeat(17_000) } }),
        'invalid_field',
        '/data/provider_metadata',
      ],
      [
        'U+0000 deep in metadata',
        completed({ provider_metadata: { a: [{ b: '\u0000' }] } }),
        'invalid_field',
        '/data/provider_metadata/a/0/b',
      ],
    ];
    it.each(bad)('%s', async (_, event, code, pointer) => {
      const before = (await service.batch([])).body.position;
      const answer = await service.one(event);
      expect([answer.body.code, answer.body.pointer]).toEqual([code, pointer]);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).not.toBe('');
      expect((await service.batch([])).body.position).toBe(before);
    });

    it('numbers beyond the IEEE range', async () => {
      const text = JSON.stringify(completed({ provider_metadata: { n: 0 } })).replace(
        '"n":0',
        '"n":1e999',
      );
      const answer = await service.post<{ code: string }>('/v1/events', STRUCTURED, text);
      expect([answer.status, answer.body.code]).toEqual([422, 'invalid_field']);
    });
  });
});
