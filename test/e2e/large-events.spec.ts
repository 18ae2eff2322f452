import { check } from '../support/bundled';
import { completed, TestService } from '../support/service';

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}
interface Log {
  readonly id: string;
  readonly original_filename: string | null;
  readonly provider_metadata: { readonly request_id: string } | null;
}

const LOGS = 20;
/** Nearly a MiB in one event, as one that passes on the headers of a request may have. */
const LARGE = Object.fromEntries(
  Array.from({ length: 950 }, (_, index) => [`e${index}`, 'x'.repeat(1_000)]),
);

describe('events of nearly a MiB', () => {
  let service: TestService;
  let ids: string[];

  async function pages<T>(path: string): Promise<(readonly T[])[]> {
    const found: (readonly T[])[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, body }: { status: number; body: Page<T> } = await service.get<Page<T>>(
        `${path}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(status).toBe(200);
      found.push(body.items);
      cursor = body.next_cursor;
    }
    return found;
  }

  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-11-10T00:00:00Z') });
    ids = Array.from({ length: LOGS }, (_, index) => `large~${index + 1}`);
    for (let attempt = 1; attempt <= LOGS; attempt += 1) {
      const data = { session_id: 'large', attempt, original_filename: 'a.wav' };
      const event = completed(
        { ...data, provider_metadata: { request_id: `r${attempt}` } },
        { ...LARGE, time: new Date(Date.UTC(2026, 9, 5, 10, attempt)).toISOString() },
      );
      expect((await service.one(event)).status).toBe(201);
    }
    await service.caughtUp();
  });
  afterAll(() => service.close());

  it('are on pages of usage logs that are as long as asked', async () => {
    const found = await pages<Log>('/v1/users/ann/usage-logs?limit=15');
    expect(found.map((page) => page.length)).toEqual([15, 5]);
    expect(found.flat().map(({ id }) => id)).toEqual([...ids].reverse());
    expect(found.flat().at(-1)).toMatchObject({
      original_filename: 'a.wav',
      provider_metadata: { request_id: 'r1' },
    });
  });

  it('are on short pages of the ledger, none left out and none large', async () => {
    const found = await pages<{ index: number; leaf: string }>('/v1/audit/events?limit=500');
    expect(found.flat().map(({ index }) => index)).toEqual(
      Array.from({ length: LOGS + 1 }, (_, index) => index),
    );
    for (const page of found) {
      expect(page.reduce((sum, { leaf }) => sum + leaf.length, 0)).toBeLessThan(4 * 1024 * 1024);
    }
  });

  it('are all in their session, its export and its bundle', async () => {
    const { body } = await service.get<{ usage_logs: Log[] }>('/v1/sessions/large');
    expect(body.usage_logs.map(({ id }) => id)).toEqual(ids);
    const csv = await service.fetch('/v1/audit/export?period=2026-10&format=ndjson');
    const rows = (await csv.text()).trimEnd().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as Log).id)).toEqual(ids);
    const bundle = await service.fetch('/v1/audit/bundle?period=2026-10');
    const { body: root } = await service.get<{ verifier_keys: string[] }>('/v1/audit/root');
    const lines = (await bundle.text()).trimEnd().split('\n');
    expect(check(lines, root.verifier_keys[0])).toMatchObject({ holds: true, problems: [] });
    expect(lines.filter((line) => line.startsWith('{"line":"usage_log"'))).toHaveLength(LOGS);
  });

  it('are the same as of a position', async () => {
    const { body } = await service.get<{ position: string }>('/v1/users/ann/usage-summary');
    const path = `/v1/users/ann/usage-logs?limit=500&as_of=${body.position}`;
    expect((await pages<Log>(path)).flat().map(({ id }) => id)).toEqual([...ids].reverse());
  });
});
