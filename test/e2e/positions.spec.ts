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
});
