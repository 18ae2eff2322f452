import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { KeptPersonalKeys } from '../../src/personal/kept-personal-keys';
import { eventually } from '../support/eventually';
import type { JobAnswer } from '../support/jobs';
import { completed, TestService } from '../support/service';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const now = () => NOW;
const MARKER = 'SECRET-of-ann-7c1e';

interface Log {
  readonly id: string;
  readonly cost: string;
  readonly original_filename: string | null;
  readonly provider_metadata: object | null;
  readonly erased: boolean;
}
interface Leaf {
  readonly type: string;
  readonly event: { readonly version: number; readonly personal?: { readonly fields: string[] } };
}
interface Erasure {
  readonly user_id: string;
  readonly erased_at: string;
  readonly position: string;
  readonly unsealed_events: number;
  readonly code?: string;
}

const personal = {
  original_filename: `${MARKER}.wav`,
  provider_metadata: { request_id: `${MARKER}-request` },
};

/** Facts of ann: a completed, a failed and a retried one, each with personal values. */
const facts = () => [
  completed({ session_id: 'a', ...personal }, { traceparent: `${MARKER}-trace`, id: 'a-1' }),
  completed({ session_id: 'b', user_id: 'bob', original_filename: 'bob.wav' }, { id: 'b-1' }),
  {
    ...completed({}, { id: 'f-1' }),
    type: 'transcription.session.failed',
    data: {
      session_id: 'f',
      user_id: 'ann',
      stt_provider: 'google',
      error_code: 'timeout',
      error_message: `${MARKER} went wrong`,
    },
  },
  {
    ...completed({}, { id: 'f-2' }),
    type: 'transcription.session.retried',
    data: { session_id: 'f', user_id: 'ann', attempt: 2, requested_by: `${MARKER} Miller` },
  },
];

async function logsOf(service: TestService, user: string, more = ''): Promise<readonly Log[]> {
  const path = `/v1/users/${user}/usage-logs?limit=100${more}`;
  return (await service.get<{ items: Log[] }>(path)).body.items;
}

async function record(service: TestService, events: readonly unknown[]) {
  const { body } = await service.batch(events);
  await service.get(`/v1/users/ann/usage-summary?at_least=${body.position}`);
  return body.results.map((result) => result.status);
}

function erase(service: TestService, user: string, reason = 'asked for it') {
  const body = JSON.stringify({ reason });
  return service.post<Erasure>(`/v1/users/${user}/erase`, 'application/json', body);
}

async function finished(service: TestService, path: string): Promise<JobAnswer> {
  for (;;) {
    const { body } = await service.get<JobAnswer>(path);
    if (body.status === 'done' || body.status === 'failed') return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The files under a folder that contain a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name)).includes(text))
    .sort();
}

describe('personal values', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await TestService.start({ now });
    await record(service, facts());
  });
  afterEach(() => service.close());

  it('are answered while their user is not erased, and are in no file', async () => {
    const [log] = await logsOf(service, 'ann');
    expect(log).toMatchObject({ ...personal, erased: false });
    expect(filesWith(service.dataDir, MARKER)).toEqual([]);
  });

  it('are stored as version 2, and facts without any as version 1', async () => {
    await record(service, [completed({ session_id: 'plain' })]);
    const { body } = await service.get<{ items: { leaf: string }[] }>('/v1/audit/events?limit=500');
    const leaves = body.items.map((item) => JSON.parse(item.leaf) as Leaf);
    const told = leaves.filter(({ type }) => type.startsWith('transcription.'));
    expect(told.map(({ event }) => [event.version, event.personal?.fields])).toEqual([
      [2, ['original_filename', 'provider_metadata', 'extensions']],
      [2, ['original_filename']],
      [2, ['error_message']],
      [2, ['requested_by']],
      [1, undefined],
    ]);
    expect(JSON.stringify(body)).not.toContain(MARKER);
  });

  it('are gone from every answer and export after an erasure; amounts stay', async () => {
    const before = await logsOf(service, 'ann');
    const [{ position }] = before as unknown as [{ position: string }];
    const summary = await service.get('/v1/users/ann/usage-summary?period=2026-10');
    expect(JSON.stringify(await logsOf(service, 'ann', `&as_of=${position}`))).toContain(MARKER);

    const { status, body } = await erase(service, 'ann');
    expect(status).toBe(201);
    expect(body).toEqual({
      user_id: 'ann',
      erased_at: '2026-11-20T00:00:00.000Z',
      position: expect.any(String) as string,
      unsealed_events: 0,
    });

    const nothing = { original_filename: null, provider_metadata: null, erased: true };
    expect(await logsOf(service, 'ann')).toEqual(before.map((log) => ({ ...log, ...nothing })));
    expect(await logsOf(service, 'ann', `&as_of=${position}`)).toEqual(
      before.map((log) => ({ ...log, ...nothing })),
    );
    const now = await service.get('/v1/users/ann/usage-summary?period=2026-10');
    const place = { position: expect.any(String) as string };
    expect(now.body).toEqual({ ...summary.body, ...place });
    expect((await logsOf(service, 'bob'))[0]).toMatchObject({
      original_filename: 'bob.wav',
      erased: false,
    });
    for (const path of [
      '/v1/usage-logs/a~1',
      '/v1/sessions/a',
      '/v1/audit/export?period=2026-10&format=csv',
      '/v1/audit/export?period=2026-10&format=ndjson',
      `/v1/audit/export?period=2026-10&format=ndjson&as_of=${position}`,
      '/v1/audit/bundle',
      '/v1/audit/events?limit=500',
    ]) {
      const response = await service.fetch(path);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain(MARKER);
    }
    expect(filesWith(service.dataDir, MARKER)).toEqual([]);
  });

  describe('whose keys could not be destroyed at first', () => {
    let position: string;
    const names = async () =>
      (await logsOf(service, 'ann', `&as_of=${position}`)).map((log) => log.original_filename);
    beforeEach(async () => {
      ({ position } = (await service.batch(facts())).body);
      const broken = jest
        .spyOn(KeptPersonalKeys.prototype, 'destroy')
        .mockRejectedValueOnce(new Error('The disk is full.'));
      expect((await erase(service, 'ann')).status).toBe(500);
      broken.mockRestore();
      expect(await names()).toEqual([personal.original_filename]);
    });

    it('are gone after the same request again', async () => {
      expect((await erase(service, 'ann')).status).toBe(200);
      expect(await names()).toEqual([null]);
    });

    it('are gone soon, from answers about the past that were kept meanwhile too', async () => {
      await eventually(async () => (await names())[0] === null);
    });
  });

  it('that arrive after the erasure are sealed under another key', async () => {
    await erase(service, 'ann');
    expect(
      await record(service, [completed({ session_id: 'c', original_filename: 'new.wav' })]),
    ).toEqual(['recorded']);
    const logs = await logsOf(service, 'ann');
    expect(logs.map(({ original_filename, erased }) => [original_filename, erased])).toEqual([
      ['new.wav', false],
      [null, true],
    ]);
    const again = await erase(service, 'ann');
    expect(again.status).toBe(201);
    expect((await logsOf(service, 'ann')).map(({ erased }) => erased)).toEqual([true, true]);
  });

  it('leave the first erasure in force if none were sent since', async () => {
    const first = await erase(service, 'ann');
    await record(service, [completed({ session_id: 'plain' })]);
    const again = await erase(service, 'ann', 'asked for it once more');
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
  });

  it('are recognised when sent again: before the erasure by every field, afterwards by the remaining ones', async () => {
    const [first] = facts();
    const other = { ...first, data: { ...(first!['data'] as object), original_filename: 'x' } };
    const longer = { ...first, data: { ...(first!['data'] as object), duration_seconds: 91 } };
    const sent = async (event: unknown) => {
      const { status, code, fields } = (await service.batch([event])).body.results[0]!;
      return code === undefined ? status : [code, fields];
    };
    expect(await sent(first)).toBe('duplicate');
    expect(await sent(other)).toEqual(['event_id_reused', ['data.original_filename']]);
    await erase(service, 'ann');
    expect(await sent(first)).toBe('duplicate');
    expect(await sent(other)).toBe('duplicate');
    expect(await sent(longer)).toEqual(['event_id_reused', ['data.duration_seconds']]);
    // A refused or duplicate fact makes no key, so there is nothing personal since the erasure.
    expect((await erase(service, 'ann')).status).toBe(200);
  });

  it('of a user whose only session was voided and reported for another are erased as well', async () => {
    const event = completed({ session_id: 'c', user_id: 'cleo', original_filename: 'cleo.wav' });
    await record(service, [event]);
    await service.write('POST', '/v1/sessions/c/void', { reason: "Bob's, not Cleo's" });
    await record(service, [completed({ session_id: 'c', user_id: 'bob' })]);
    expect((await erase(service, 'cleo')).status).toBe(201);
    expect((await erase(service, 'cleo')).status).toBe(200);
    // Nobody can tell another file name from the recorded one any more.
    const other = { ...event, data: { ...(event['data'] as object), original_filename: 'x.wav' } };
    expect((await service.one(other)).body).toMatchObject({ code: 'fact_voided' });
  });

  it('of an unknown user cannot be erased', async () => {
    const { status, body } = await erase(service, 'nobody');
    expect([status, body.code]).toEqual([422, 'unknown_user']);
    const response = await service.post('/v1/users/ann/erase', 'application/json', '{}');
    expect(response.status).toBe(422);
  });

  it('are in no result of a replay, and in no reconciliation after the erasure', async () => {
    const list = { provider: 'google', period: '2026-10', lines: [{ duration_seconds: 90 }] };
    const started = await service.post<{ id: string }>(
      '/v1/audit/reconciliations',
      'application/json',
      JSON.stringify(list),
    );
    const path = `/v1/audit/reconciliations/${started.body.id}`;
    await finished(service, path);
    const items = await (await service.fetch(`${path}/items`)).text();
    expect(items).toContain(MARKER);
    await erase(service, 'ann');
    expect((await service.get(path)).status).toBe(404);
    const replay = await service.post<{ id: string }>(
      '/v1/audit/replays',
      'application/json',
      '{}',
    );
    const done = await finished(service, `/v1/audit/replays/${replay.body.id}`);
    expect(done).toMatchObject({ status: 'done' });
    expect(done.result).toMatchObject({ differences: 0 });
  });
});
