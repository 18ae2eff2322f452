import { setImmediate as turn } from 'node:timers/promises';

import { emptyModel, NOW } from '../../test/support/ledger-in-memory';
import { storeOf } from '../../test/support/stored-ledger';
import type { LedgerEntry } from '../checker/derivation/reference';
import type { LedgerWriter } from '../ledger/ledger-writer';
import { project } from '../projections/project';
import { ReadModel } from '../read-model/queries';
import { AdjustUsage, AdjustUsageHandler } from './adjustments';

const MOVED = 100;

const opened: LedgerEntry = {
  type: 'ledger.opened',
  recorded_at: NOW,
  billing_time_zone: 'UTC',
  rate_cards: [
    {
      rate_card_id: 'a-card',
      currency: 'TWD',
      effective_from: '1970-01-01T00:00:00Z',
      prices: { default: { amount: '0.03' } },
    },
  ],
  plans: { free: {} },
};

function fact(id: string, session_id: string, user_id: string): LedgerEntry {
  const event = {
    specversion: '1.0' as const,
    id,
    source: 'test',
    type: 'transcription.session.completed',
    time: '2026-11-05T10:00:00Z',
    data: { session_id, user_id, attempt: 1, stt_provider: 'google', duration_seconds: 60 },
  };
  return { type: 'fact', recorded_at: NOW, event };
}

/** A session that was told for one user, voided, and told for another. */
const moved = (session_id: string, from: string): LedgerEntry[] => [
  fact(`${session_id}-1`, session_id, from),
  { type: 'session.voided', recorded_at: NOW, session_id, reason: 'x', author: 'y' },
  fact(`${session_id}-2`, session_id, 'right'),
];

/** A ledger with many moved sessions, and the fact of one more user, which is not projected until somebody waits. */
async function begin() {
  const sessions = Array.from({ length: MOVED }, (_, at) => moved(`s-${at}`, `wrong-${at}`));
  const store = await storeOf([opened, ...sessions.flat(), fact('new', 'new', 'newcomer')]);
  const head = await store.head();
  const model = await emptyModel();
  const projectTo = (position: number) =>
    project(store, model.rows, position, () => undefined, { pageSize: 1_000 });
  await projectTo(head - 1);
  const reads = { all: 0, now: 0, most: 0 };
  const slow: Pick<typeof store, 'readStream'> = {
    readStream: async (...asked) => {
      reads.all += 1;
      reads.now += 1;
      reads.most = Math.max(reads.most, reads.now);
      await turn();
      reads.now -= 1;
      return store.readStream(...asked);
    },
  };
  const writer: Pick<LedgerWriter, 'prepare' | 'write'> = {
    prepare: async (_, work) => {
      await projectTo(head);
      return work({ now: NOW });
    },
    write: async (_, decide) => {
      await projectTo(head);
      await decide({ now: NOW, head });
      return { status: 201, body: {} };
    },
  };
  const readModel = new ReadModel(model.queries);
  const handler = new AdjustUsageHandler(writer as LedgerWriter, readModel, slow);
  const adjust = (user_id: string) => {
    const order = { user_id, period: '2026-11', amount_cents: 5, reason: 'a test' };
    return handler.execute(new AdjustUsage(order, 'finance', order, user_id));
  };
  return { adjust, reads };
}

describe('an adjustment', () => {
  it('of a user who is not projected yet does not read what was voided', async () => {
    const { adjust, reads } = await begin();
    expect(await adjust('newcomer')).toMatchObject({ status: 201 });
    expect(reads.all).toBe(0);
  });

  it('of an unknown user reads what was voided once, side by side', async () => {
    const { adjust, reads } = await begin();
    await expect(adjust('mistyped')).rejects.toMatchObject({ refusal: { code: 'unknown_user' } });
    expect(reads.all).toBe(MOVED);
    expect(reads.most).toBe(32);
    await expect(adjust('another')).rejects.toMatchObject({ refusal: { code: 'unknown_user' } });
    expect(await adjust('wrong-7')).toMatchObject({ status: 201 });
    expect(reads.all).toBe(MOVED);
  });
});
