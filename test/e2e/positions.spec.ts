import { eventually } from '../support/eventually';
import { completed, TestService } from '../support/service';

const PLACED = ['minutebook-position', 'minutebook-behind'] as const;

/** Every answer says where in the ledger it is (docs/reference/http.md#everywhere). */
describe('the headers that place an answer in the ledger', () => {
  const SIZE = 61;
  let service: TestService;
  let head: string;
  /** The position of each event, in ledger order. */
  let positions: string[];

  beforeAll(async () => {
    service = await TestService.start();
    await service.batch(Array.from({ length: SIZE - 1 }, () => completed()));
    await service.caughtUp();
    const events = await service.get<{ items: { position: string }[] }>(
      `/v1/audit/events?limit=${SIZE}`,
    );
    positions = events.body.items.map(({ position }) => position);
    head = positions.at(-1)!;
  });
  afterAll(() => service.close());

  const placeOf = (headers: Headers) => PLACED.map((name) => headers.get(name));
  const read = async (path: string) => placeOf((await service.fetch(path)).headers);

  it.each([
    ['replays', {}],
    ['rehearsals', { plans: { team: {} } }],
    ['rebuilds', {}],
    ['reconciliations', { provider: 'google', period: '2026-10', lines: [] }],
  ])('name the head in the answer that accepts a job: POST /v1/audit/%s', async (name, body) => {
    const path = `/v1/audit/${name}`;
    const { status, headers } = await service.post(path, 'application/json', JSON.stringify(body));
    expect([status, ...placeOf(headers)]).toEqual([202, head, null]);
  });

  it.each([1, 15, 16, 17, 32, 60, SIZE])(
    'name the last event of the first %i in roots and proofs of that size, and what came later',
    async (size) => {
      const place = [positions[size - 1], String(SIZE - size)];
      expect(await read(`/v1/audit/root?size=${size}`)).toEqual(place);
      expect(await read(`/v1/audit/proofs/0?size=${size}`)).toEqual(place);
      expect(await read(`/v1/audit/consistency?first=1&second=${size}`)).toEqual(place);
    },
  );

  it('name the head in roots and proofs of all events', async () => {
    expect(await read('/v1/audit/root')).toEqual([head, '0']);
    expect(await read('/v1/audit/proofs/3')).toEqual([head, '0']);
    expect(await read('/v1/audit/consistency?first=3')).toEqual([head, '0']);
  });

  it('name the last event that the newest signed root covers, with and without its body', async () => {
    const ask = (headers = {}) => service.fetch('/v1/audit/checkpoint', { headers });
    await eventually(async () => (await ask()).status === 200);
    const signed = await ask();
    const size = Number((await signed.text()).split('\n')[1]);
    expect(size).toBeLessThan(SIZE);
    const place = [positions[size - 1], String(SIZE - size)];
    expect(placeOf(signed.headers)).toEqual(place);
    const known = await ask({ 'if-none-match': signed.headers.get('etag')! });
    expect([known.status, ...placeOf(known.headers)]).toEqual([304, ...place]);
  });
});
