import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import { readFact } from '../../src/domain/events/stored';
import { accountStream, LEDGER_EVENTS, writeLedgerEvent } from '../../src/domain/ledger';
import { MAX_PAGE, START } from '../../src/event-store/port';
import { lastRevisionOf } from '../../src/ledger/last-revision';
import { faultOf } from '../../src/verify/event-check';
import { delivery, factHistory, rateCard } from '../generators/histories';
import type { CloudEvent, RawPlan } from '../../src/checker/derivation/reference';
import {
  LedgerInMemory,
  NOW,
  openingTerms,
  projectedForgetting,
  type Rows,
} from '../support/ledger-in-memory';

const RUNS = Number(process.env['RUNS'] ?? 60);
const USERS = ['ann', 'Bob', 'c@example'];
const PLANS: Record<string, RawPlan> = { free: { included_minutes: '3' } };

/** Erases a user as the service does, without its waits. @returns the event's position. */
async function erase({ store, keys, recorder }: LedgerInMemory, userId: string): Promise<number> {
  const stream = accountStream(userId);
  const retired = await keys.retire(userId);
  const event = {
    id: randomUUID(),
    type: LEDGER_EVENTS.userErased,
    body: writeLedgerEvent({ reason: 'asked', author: 'test', keys: retired }),
    recordedAt: NOW,
  };
  const expectedRevision = await lastRevisionOf(store, stream);
  const [outcome] = await store.append([{ stream, expectedRevision, events: [event] }]);
  if (outcome!.status !== 'appended') throw new Error('The erasure was not appended.');
  const position = outcome!.positions[0]!;
  await keys.destroy([{ eventId: event.id, userId, position, erasedAt: NOW, keys: retired }]);
  recorder.forgetAll();
  return position;
}

/** The rows without personal values, and without what always differs between two ledgers. */
function money({ logs, statements, waiting }: Rows): object {
  const other = { position: 0, original_filename: 0, provider_metadata: 0, erased: 0 };
  return {
    logs: logs.map((log) => ({ ...log, ...other, rate_card_id: 0 })),
    statements,
    waiting: waiting.map((one) => ({ ...one, position: 0 })),
  };
}

const history = fc.tuple(rateCard(), factHistory()).chain(([card, events]) =>
  fc.record({
    card: fc.constant(card),
    events: fc.constant(events),
    batches: delivery(events),
    /** Pairs of the number of a batch and the user who is erased before it. */
    erasures: fc.array(fc.tuple(fc.nat({ max: 12 }), fc.constantFrom(...USERS)), { maxLength: 4 }),
    pageSize: fc.integer({ min: 1, max: 12 }),
  }),
);

async function statusesOf(ledger: LedgerInMemory, events: readonly CloudEvent[]) {
  return (await ledger.send(events)).map((verdict) => verdict.status);
}

describe('erasures at any moment', () => {
  it('change no bill, verdict or proof, and remove exactly the personal values', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, events, batches, erasures, pageSize }) => {
        const open = () => LedgerInMemory.open(openingTerms([card], PLANS), 'Asia/Taipei');
        const [plain, erased] = [await open(), await open()];
        const last = new Map<string, number>();
        for (const [at, batch] of batches.entries()) {
          for (const [, user] of erasures.filter(([moment]) => moment === at)) {
            last.set(user, await erase(erased, user));
          }
          expect(await statusesOf(erased, batch)).toEqual(await statusesOf(plain, batch));
        }
        // The same facts again: each is known, whether its personal values still exist or not.
        expect(await statusesOf(erased, events)).toEqual(events.map(() => 'duplicate'));

        const rows = await erased.rows(pageSize);
        expect((await erased.rows(1_000)).all).toBe(rows.all);
        expect((await projectedForgetting(erased.store, { every: 1 })).all).toBe(rows.all);
        expect((await projectedForgetting(erased.store, { kept: 2 })).all).toBe(rows.all);
        expect(money(rows)).toEqual(money(await plain.rows(1_000)));
        for (const log of rows.logs) {
          const gone = Number(log.position) < (last.get(log.user_id) ?? 0);
          expect(log.erased).toBe(gone);
          if (!gone) continue;
          expect([log.original_filename, log.provider_metadata]).toEqual([null, null]);
        }
        for (const [index, event] of (await erased.store.readAll(START, MAX_PAGE)).entries()) {
          expect(faultOf(event, index)).toBeUndefined();
          const fact = readFact(event.type, event.body);
          if (fact?.sealed === undefined) continue;
          const there = await erased.keys.secrets([fact.sealed.key]);
          const isErased = event.position < (last.get(fact.data.user_id) ?? 0);
          expect(there.has(fact.sealed.key)).toBe(!isErased);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
