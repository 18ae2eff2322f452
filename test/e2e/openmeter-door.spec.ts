import { join } from 'node:path';

import Ajv from 'ajv/dist/2020';

import { bearer, initialKeys } from '../support/initial-keys';
import { runOf } from '../support/process';
import {
  BATCH,
  completed,
  STRUCTURED,
  TestService,
  type Answer,
  type Problem,
} from '../support/service';

const INGEST = join(__dirname, '../support/openmeter-ingest.mjs');

type Rejected = Answer & Problem;

describe('POST /api/v1/events', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  const PATH = '/api/v1/events';
  const batch = (...events: unknown[]) =>
    service.post<Rejected>(PATH, BATCH, JSON.stringify(events));
  const one = (event: unknown) => service.post<Rejected>(PATH, STRUCTURED, JSON.stringify(event));
  const usersOf = async (session_id: string, position: string) =>
    (await service.get(`/v1/sessions/${session_id}?at_least=${position}`)).body['user_id'];

  const data = { stt_provider: 'google', duration_seconds: 5 };
  const events = [
    completed({}, { subject: 'cus-1', data: { ...data, session_id: 'om-1' } }),
    completed({}, { subject: 'cus-1', data: { ...data, session_id: 'om-2', user_id: null } }),
    completed({}, { subject: 'cus-1', data: { ...data, session_id: 'om-3', user_id: 'cus-1' } }),
    completed({}, { subject: 'om-4', data: { ...data, session_id: 'om-4', user_id: 'cus-1' } }),
    completed({}, { data: { ...data, session_id: 'om-5', user_id: 'cus-1' } }),
  ];

  it('uses the subject as the user if data names none, or the same one', async () => {
    const { status, headers, body } = await batch(...events);
    expect([status, body]).toEqual([204, undefined]);
    const position = headers.get('minutebook-position')!;
    for (let at = 1; at <= 5; at += 1) expect(await usersOf(`om-${at}`, position)).toBe('cus-1');
    // The same facts sent to the service's own endpoint, with the user named.
    const plain = events.map(({ subject: _, ...event }) => ({
      ...event,
      data: { ...(event['data'] as object), user_id: 'cus-1' },
    }));
    const again = await service.batch(plain);
    expect(again.body.results.map((result) => result.status)).toEqual(
      Array.from({ length: 5 }, () => 'duplicate'),
    );
  });

  it('takes what the document allows for it, which is more than at the other endpoint', async () => {
    const { body: document } = await service.get('/openapi.json');
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...document });
    const allows = (path: string, body: unknown) => {
      const place = ['paths', path, 'post', 'requestBody', 'content', BATCH, 'schema'];
      const escaped = place.map((part) => encodeURIComponent(part.replaceAll('/', '~1')));
      return ajv.validate({ $ref: `api#/${escaped.join('/')}` }, body);
    };
    const own = events.map((event) => allows('/v1/events', [event]));
    expect(own).toEqual([false, false, true, true, true]);
    expect(events.map((event) => allows(PATH, [event]))).toEqual(events.map(() => true));
    const wrong = completed({}, { subject: 'cus-1', data: { ...data, nonsense: 1 } });
    expect([allows(PATH, [wrong]), (await batch(wrong)).status]).toEqual([false, 422]);
  });

  it("does not accept a subject that differs from data's user, nor one without a user at the other endpoint", async () => {
    const event = completed({ user_id: 'ann' }, { subject: 'bob' });
    expect((await one(event)).body.code).toBe('subject_mismatch');
    const { user_id: _, ...data } = completed()['data'] as Record<string, unknown>;
    expect((await service.one(completed({}, { subject: 'bob', data }))).body.code).toBe(
      'missing_field',
    );
  });

  it('answers rejected events of a batch as one refused request, and records the rest', async () => {
    const good = completed({ session_id: 'rest' });
    const { status, headers, body } = await batch(good, {}, completed({ duration_seconds: -1 }));
    expect(status).toBe(422);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 422, code: 'events_rejected' });
    expect(body.detail).toContain('2 of 3 events');
    expect(body.detail).toContain('The others are recorded.');
    expect(body.detail).toContain('missing_attribute');
    expect(body.results.map((result) => [result.status, result.code])).toEqual([
      ['recorded', undefined],
      ['rejected', 'missing_attribute'],
      ['rejected', 'invalid_field'],
    ]);
    expect(body.position).toBe(body.results[0]!.position);
    expect(headers.get('minutebook-position')).toBe(body.position);
    expect((await batch(good)).status).toBe(204);
    const all = await batch({});
    expect(all.body).toMatchObject({ code: 'events_rejected', results: [{ status: 'rejected' }] });
    expect(all.body.detail).not.toContain('recorded');
  });

  it('answers a single event with its own problem', async () => {
    expect(await one({})).toMatchObject({ status: 422, body: { code: 'missing_attribute' } });
    const event = completed({ session_id: 'twice' });
    expect((await one(event)).status).toBe(204);
    expect((await one(event)).status).toBe(204);
    const other = await one({ ...event, time: '2026-10-06T10:00:00Z' });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'event_id_reused', fields: ['time'] },
    });
  });

  it('makes OpenMeter’s own SDK throw if an event was rejected, and only then', async () => {
    const event = (session_id: string, more: object = {}) => ({
      id: `${session_id}/1/completed`,
      source: 'my/worker',
      type: 'transcription.session.completed',
      subject: 'cus-9',
      time: '2026-10-06T10:00:00Z',
      data: { session_id, stt_provider: 'google', duration_seconds: 30, ...more },
    });
    const events = [
      event('sdk-1'),
      [event('sdk-2'), event('sdk-3')],
      [event('sdk-4'), event('sdk-5', { duration_seconds: -1 })],
      event('sdk-6', { nonsense: true }),
    ];
    const apiKey = initialKeys(service.dataDir).producer ?? 'none';
    const options = JSON.stringify({ baseUrl: service.url, apiKey, events });
    const run = await runOf([process.execPath, INGEST, options], {});
    expect(run.stderr).toBe('');
    const came = JSON.parse(run.stdout) as Record<string, unknown>[];
    expect(came.slice(0, 2)).toEqual([{ answered: null }, { answered: null }]);
    expect(came.slice(2)).toMatchObject([
      { name: 'HTTPError', status: 422 },
      { name: 'HTTPError', status: 422 },
    ]);
    expect(came[2]!['message']).toContain('1 of 2 events were rejected');
    expect(came[2]!['results']).toMatchObject([{ status: 'recorded' }, { status: 'rejected' }]);
    expect(came[3]!['message']).toContain('unknown_field');
    const headers = bearer(initialKeys(service.dataDir).reader);
    const head = (await service.get<{ head: string }>('/health/ready')).body.head;
    const summary = await fetch(
      `${service.url}/v1/users/cus-9/usage-summary?period=2026-10&at_least=${head}`,
      { headers },
    );
    expect(await summary.json()).toMatchObject({ transcriptions: 4 });
  });
});
