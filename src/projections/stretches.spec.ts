import { emptyModel, LedgerInMemory, openingTerms } from '../../test/support/ledger-in-memory';
import type { CloudEvent } from '../checker/derivation/reference';
import { MAX_PAGE, START } from '../event-store/port';
import type { RowReader } from '../read-model/rows';
import { BillingFold } from './billing-fold';

const USERS = ['ann', 'bob', 'cem'];
const FACTS = 30;
const CARD = {
  rate_card_id: 'card',
  currency: 'EUR',
  effective_from: '2026-01-01T00:00:00.000Z',
  prices: { google: { amount: '0.0171' } },
};

function completed(number: number, minute: number): CloudEvent {
  return {
    specversion: '1.0',
    id: `fact-${number}`,
    source: 'worker',
    type: 'transcription.session.completed',
    time: new Date(Date.UTC(2026, 9, 1, 12, minute)).toISOString(),
    data: {
      session_id: `session-${number}`,
      user_id: USERS[number % USERS.length]!,
      stt_provider: 'google',
      duration_seconds: 61,
    },
  };
}

/** Returns how often logs of a statement are read if facts are folded one by one, with one statement in memory. */
async function readsOf(minuteOf: (number: number) => number): Promise<number> {
  const ledger = await LedgerInMemory.open(openingTerms([CARD], { free: {} }));
  const facts = Array.from({ length: FACTS }, (_, number) => completed(number, minuteOf(number)));
  await ledger.send(facts);
  const { rows } = await emptyModel();
  let reads = 0;
  const counting = Object.assign(Object.create(rows) as RowReader, {
    stretch: (...all: Parameters<RowReader['stretch']>) => {
      reads += 1;
      return rows.stretch(...all);
    },
  });
  const fold = new BillingFold(ledger.store, counting, { statements: 1 });
  for (const event of await ledger.store.readAll(START, MAX_PAGE)) {
    const checkpoint = await rows.checkpoint();
    const { changes, next } = await fold.fold([event], checkpoint);
    await rows.commit(changes, next, checkpoint.position);
  }
  return reads;
}

describe('the logs of a statement', () => {
  it('are never read while every new log comes after them', async () => {
    expect(await readsOf((number) => number)).toBe(0);
  });

  it('are read once if a log comes before them, however often the statement itself is dropped from memory', async () => {
    expect(await readsOf((number) => FACTS - number)).toBe(USERS.length);
  });
});
