import { leafHash } from '../../src/domain/merkle';
import { completed, TestService, type Problem } from '../support/service';

interface Event {
  readonly position: string;
  readonly index: number;
  readonly stream: string;
  readonly type: string;
  readonly recorded_at: string;
  readonly event: { readonly data: Readonly<Record<string, unknown>> };
  readonly leaf: string;
}
interface Page {
  readonly items: readonly Event[];
  readonly next_cursor: string | null;
}

describe('GET /v1/audit/events', () => {
  let service: TestService;
  let now = Date.parse('2026-11-10T00:00:00Z');

  const page = async (query: string) => (await service.get<Page>(`/v1/audit/events?${query}`)).body;
  const all = async (query: string, limit: number) => {
    const items: Event[] = [];
    let cursor: string | null = null;
    do {
      const next = cursor === null ? '' : `&cursor=${cursor}`;
      const one: Page = await page(`${query}&limit=${limit}${next}`);
      items.push(...one.items);
      cursor = one.next_cursor;
    } while (cursor !== null);
    return items;
  };

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    const send = async (data: object, type = 'completed') => {
      now += 1_000;
      const event = completed({ ...data }, { type: `transcription.session.${type}` });
      return service.one(event);
    };
    for (let number = 0; number < 25; number += 1) {
      await send({ session_id: `a${number}`, user_id: 'ann' });
      await send({ session_id: `b${number}`, user_id: 'bob' });
    }
    // This names another user, which means nothing here.
    await send({ session_id: 'ann', user_id: 'bob', provider_metadata: { user_id: 'ann' } });
    await service.write('PUT', '/v1/users/ann/plan', { plan: 'pro' });
    await service.write('POST', '/v1/sessions/a3/void', { reason: 'a wrong user' });
    await send({ session_id: 'a3', user_id: 'bob' });
    const last = await service.write<{ position: string }>('POST', '/v1/adjustments', {
      user_id: 'ann',
      period: '2026-10',
      amount_cents: 5,
      reason: 'x',
    });
    await service.get(`/v1/audit/pending?at_least=${last.body.position}`);
  });
  afterAll(() => service.close());

  it('is the ledger: consecutive indexes and growing positions from the first event on, for any page size', async () => {
    const whole = await all('', 500);
    expect(whole).toHaveLength(56);
    expect(whole.map((one) => one.index)).toEqual(whole.map((_, index) => index));
    expect(whole[0]!.type).toBe('ledger.opened');
    const positions = whole.map((one) => Number(one.position));
    expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    for (const limit of [1, 7, 16, 55, 56]) expect(await all('', limit)).toEqual(whole);
  });

  it('returns the leaf that the Merkle log hashes', async () => {
    const [event] = await all(`session_id=a7`, 50);
    const { stream, type, recorded_at, event: body, leaf } = event!;
    expect(leaf).toBe(JSON.stringify({ stream, type, recorded_at, event: body }));
    const { body: proof } = await service.get<{ leaf_hash: string }>(
      `/v1/audit/proofs/${event!.index}`,
    );
    expect(proof.leaf_hash).toBe(leafHash(leaf).toString('hex'));
  });

  it('begins after a position, unfiltered or filtered', async () => {
    const whole = await all('', 500);
    for (const at of [0, 16, 17, 55]) {
      const { position } = whole[at]!;
      expect(await all(`after=${position}`, 6)).toEqual(whole.slice(at + 1));
    }
    const voided = whole.findIndex((one) => one.type === 'session.voided');
    const behind = await all(`session_id=a3&after=${whole[voided]!.position}`, 5);
    expect(behind).toEqual([whole[voided + 1]]);
    expect(await all('after=0', 500)).toEqual(whole);
    expect(await all(`after=${Number(whole.at(-1)!.position) + 100}`, 500)).toEqual([]);
  });

  it("returns a session's events with their indexes, including voids", async () => {
    const events = await all('session_id=a3', 1);
    expect(events.map((one) => [one.type, one.event.data['user_id']])).toEqual([
      ['transcription.session.completed', 'ann'],
      ['session.voided', undefined],
      ['transcription.session.completed', 'bob'],
    ]);
    const whole = await all('', 500);
    expect(events).toEqual(whole.filter((one) => one.stream === 'session-a3'));
    expect(await all('session_id=nobody', 5)).toEqual([]);
  });

  it("returns a user's facts, voids of their sessions, and the events of their account", async () => {
    const whole = await all('', 500);
    const expected = whole.filter(
      ({ stream, event, type }) =>
        stream === 'account-ann' || event.data['user_id'] === 'ann' || type === 'session.voided',
    );
    expect(expected).toHaveLength(28);
    for (const limit of [1, 9, 500]) expect(await all('user_id=ann', limit)).toEqual(expected);
    // The session belongs to another user now; its first fact and the void were ann's.
    expect((await all('user_id=ann&session_id=a3', 5)).map((one) => one.type)).toEqual([
      'transcription.session.completed',
      'session.voided',
    ]);
    expect((await all('user_id=bob&session_id=a3', 5)).map((one) => one.type)).toEqual([
      'transcription.session.completed',
    ]);
  });

  it('continues where it was while events are added', async () => {
    const first = await page('limit=50');
    await service.one(completed({ session_id: 'later' }));
    const second = await page(`limit=50&cursor=${first.next_cursor!}`);
    expect(second.items[0]!.index).toBe(50);
    expect(second.items.at(-1)!.event.data['session_id']).toBe('later');
    expect(second.next_cursor).toBeNull();
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['after=x', '/after'],
    ['after=-1', '/after'],
    ['user_id=a%20b', '/user_id'],
    ['session_id=..', '/session_id'],
    ['as_of=5', '/as_of'],
    ['user=ann', '/user'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await service.get<Problem>(`/v1/audit/events?${query}`);
    expect({ status, code: body.code, pointer: body.pointer }).toEqual({
      status: 400,
      code: 'invalid_parameter',
      pointer,
    });
  });

  it('refuses cursors that it did not issue', async () => {
    const { body: other } = await service.get<Page>('/v1/users/ann/usage-logs?limit=1');
    for (const cursor of ['x', other.next_cursor!, btoa('["position",-1]'), btoa('["position"]')]) {
      const { status, body } = await service.get<Problem>(`/v1/audit/events?cursor=${cursor}`);
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_cursor' });
    }
  });
});
