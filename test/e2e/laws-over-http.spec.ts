import fc from 'fast-check';

import { delivery, factHistory } from '../generators/histories';
import {
  reference,
  type CloudEvent,
  type LedgerEntry,
} from '../../src/checker/derivation/reference';
import { BATCH, TestService, type Answer } from '../support/service';

/** Histories per run; for a long search: `HTTP_RUNS=500`. */
const RUNS = Number(process.env['HTTP_RUNS'] ?? 40);
const NOW = Date.parse('2026-11-20T00:00:00.000Z');
const MONTHS = ['2026-10', '2026-09', '2026-08'];

interface Bill {
  readonly logs: Record<string, unknown>[];
  readonly summaries: Record<string, unknown>[];
}

/** Gives each history sessions and users of its own, so that one service can take them all. */
function renamed(event: CloudEvent, run: number): CloudEvent {
  const data = event.data as { session_id: string; user_id: string };
  const session_id = `run${run}-${data.session_id}`;
  return {
    ...event,
    ...(event['subject'] === undefined ? {} : { subject: session_id }),
    data: { ...data, session_id, user_id: `run${run}-${data.user_id}` },
  };
}

describe('the laws (docs/reference/laws.md), through HTTP', () => {
  let service: TestService;
  let run = 0;
  beforeAll(async () => (service = await TestService.start({ now: () => NOW })));
  afterAll(() => service.close());

  /** Sends batches; returns what was recorded, in ledger order. */
  async function send(batches: readonly CloudEvent[][]): Promise<CloudEvent[]> {
    const recorded: { position: number; event: CloudEvent }[] = [];
    for (const batch of batches) {
      const answer = await service.post<Answer>('/v1/events', BATCH, JSON.stringify(batch));
      expect(answer.status).toBe(200);
      answer.body.results.forEach((result, index) => {
        if (result.status === 'recorded') {
          recorded.push({ position: Number(result.position), event: batch[index]! });
        }
      });
    }
    recorded.sort((a, b) => a.position - b.position);
    return recorded.map((one) => one.event);
  }

  async function billOf(users: readonly string[]): Promise<Bill> {
    const { position } = (await service.batch([])).body;
    const bill: Bill = { logs: [], summaries: [] };
    for (const user of users) {
      for (const month of MONTHS) {
        const summary = await service.get(
          `/v1/users/${user}/usage-summary?period=${month}&at_least=${position}`,
        );
        bill.summaries.push(summary.body);
      }
      const logs = await service.get<{ items: Record<string, unknown>[] }>(
        `/v1/users/${user}/usage-logs?limit=500`,
      );
      bill.logs.push(...logs.body.items);
    }
    return bill;
  }

  it('laws 1 and 3: any delivery gives the bill of the reference, with cents that add up', async () => {
    const history = factHistory().chain((events) =>
      fc.tuple(fc.constant(events), delivery(events), delivery(events)),
    );
    await fc.assert(
      fc.asyncProperty(history, async ([events, one, two]) => {
        const bills: string[] = [];
        for (const batches of [one, two]) {
          run += 1;
          const own = batches.map((batch) => batch.map((event) => renamed(event, run)));
          const recorded = await send(own);
          expect(recorded).toHaveLength(events.length);
          const users = [
            ...new Set(events.map((event) => `run${run}-${String(event.data['user_id'])}`)),
          ];
          const bill = await billOf(users.sort());
          compare(bill, recorded);
          const ownNames = new RegExp(`run${run}-|"position":"\\d+"`, 'g');
          bills.push(JSON.stringify(bill).replace(ownNames, ''));
        }
        expect(bills[0]).toBe(bills[1]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

function compare(bill: Bill, recorded: readonly CloudEvent[]): void {
  const entries: LedgerEntry[] = [
    {
      type: 'ledger.opened',
      recorded_at: NOW,
      billing_time_zone: 'UTC',
      rate_cards: [SHIPPED],
      plans: { free: { minutes: '120' } },
    },
    ...recorded.map((event): LedgerEntry => ({ type: 'fact', recorded_at: NOW, event })),
  ];
  const expected = reference(entries, NOW);
  for (const summary of bill.summaries) {
    const same = expected.summaries.find(
      (one) => one.user_id === summary['user_id'] && one.period === summary['period'],
    );
    if (same === undefined) expect(summary).toMatchObject({ transcriptions: 0, sessions: 0 });
    else expect(summary).toMatchObject({ ...same });
  }
  const pick = (log: object) => {
    const { id, session_id, attempt, cost, cost_cents, billing_reason } = log as Record<
      string,
      unknown
    >;
    void id;
    return JSON.stringify([session_id, attempt, cost, cost_cents, billing_reason]);
  };
  expect(bill.logs.map(pick).sort()).toEqual(expected.logs.map(pick).sort());
}

const SHIPPED = {
  rate_card_id: 'shipped',
  currency: 'TWD',
  effective_from: '1970-01-01T00:00:00Z',
  surcharges: {
    speakers_included: 2,
    per_extra_speaker: '0.10',
    confidence_threshold: '0.8',
    low_confidence: '0.20',
  },
  prices: {
    default: { amount: '0.03', per_seconds: 60, increment_seconds: 60, minimum_seconds: 60 },
    assemblyai: { amount: '0.02', per_seconds: 60, increment_seconds: 60, minimum_seconds: 60 },
  },
};
