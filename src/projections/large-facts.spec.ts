import {
  allRows,
  emptyModel,
  LedgerInMemory,
  openingTerms,
} from '../../test/support/ledger-in-memory';
import type { CloudEvent } from '../checker/derivation/reference';
import { START } from '../event-store/port';
import { isLastPage } from '../event-store/pages';
import { BillingFold, segments } from './billing-fold';
import { project } from './project';

const SESSIONS = 60;
const CARD = {
  rate_card_id: 'card',
  currency: 'EUR',
  effective_from: '2026-01-01T00:00:00.000Z',
  prices: { google: { amount: '0.0171' } },
};

/** @param extensions how many extension attributes of 1,000 characters the event has. */
function started(session: number, extensions: number, data: object): CloudEvent {
  return {
    ...Object.fromEntries(
      Array.from({ length: extensions }, (_, index) => [`e${index}`, 'x'.repeat(1_000)]),
    ),
    specversion: '1.0',
    id: `started-${session}`,
    source: 'worker',
    type: 'transcription.session.started',
    time: '2026-10-01T12:00:00.000Z',
    data: { session_id: `session-${session}`, user_id: 'ann', stt_provider: 'google', ...data },
  };
}

/** Returns how often the first session is read again after the facts of many sessions were folded. */
async function readsAfter(extensions: number, data: object): Promise<number> {
  const ledger = await LedgerInMemory.open(openingTerms([CARD], { free: {} }));
  for (let session = 0; session < SESSIONS; session += 1) {
    await ledger.send([started(session, extensions, data)]);
  }
  await ledger.send([{ ...started(0, 0, {}), id: 'started again' }]);
  const { rows } = await emptyModel();
  const fold = new BillingFold(ledger.store, rows);
  const reads = jest.spyOn(ledger.store, 'readStream');
  for (let after = START; ;) {
    const page = await ledger.store.readAll(after, 1_000);
    for (const segment of segments(page)) {
      const checkpoint = await rows.checkpoint();
      const { changes, next } = await fold.fold(segment, checkpoint);
      await rows.commit(changes, next, checkpoint.position);
    }
    if (isLastPage(page, 1_000)) return reads.mock.calls.length;
    after = page.at(-1)!.position;
  }
}

describe('sessions in the memory of a fold', () => {
  it('are many while their facts are small', async () => {
    expect(await readsAfter(1, { original_filename: 'a.wav' })).toBe(0);
  });

  it('are few if their facts are large', async () => {
    expect(await readsAfter(900, { original_filename: 'a.wav' })).toBe(1);
  });

  it('do not keep large values that no log shows', async () => {
    expect(await readsAfter(900, {})).toBe(0);
  });
});

describe('small facts about sessions with large ones', () => {
  it('are written in parts, whose rows are the same', async () => {
    const ledger = await LedgerInMemory.open(openingTerms([CARD], { free: {} }));
    for (let session = 0; session < SESSIONS; session += 1) {
      await ledger.send([started(session, 900, { original_filename: 'a.wav' })]);
    }
    const ends = Array.from({ length: SESSIONS }, (_, session): CloudEvent => ({
      specversion: '1.0',
      id: `completed-${session}`,
      source: 'worker',
      type: 'transcription.session.completed',
      time: '2026-10-01T12:01:00.000Z',
      data: {
        session_id: `session-${session}`,
        user_id: 'ann',
        stt_provider: 'google',
        duration_seconds: 60,
      },
    }));
    const before = await ledger.store.head();
    await ledger.send(ends);
    const head = await ledger.store.head();
    const model = await emptyModel();
    await project(ledger.store, model.rows, head, () => undefined, { pageSize: 5 });
    const expected = await allRows(model);
    const { rows } = await emptyModel();
    await project(ledger.store, rows, before, () => undefined, { pageSize: 5 });
    const parts = jest.spyOn(rows, 'writePart');
    await project(ledger.store, rows, head, () => undefined, { pageSize: 1_000 });
    expect(parts).toHaveBeenCalled();
    expect(await allRows(model)).toBe(expected);
    parts.mockRestore();
  });
});
