import type { Agreement } from '../domain/account/agreement';
import { Terms } from '../domain/account/terms';
import type { RecordedFact } from '../domain/events/facts';
import { applyFact, newSession } from './session-projection';
import { deriveRows } from './session-rows';

const AGREEMENT = {
  opened: { billing_time_zone: 'UTC' },
  cards: [{ currency: 'USD' }],
  closes: [],
} as unknown as Agreement;

const FACTS = 150_000;

describe('the projection of a session', () => {
  it('takes any number of started facts, each at the same cost', () => {
    const session = newSession('s');
    const terms = new Terms(AGREEMENT);
    for (let told = 1; told <= FACTS; told += 1) applyFact(session, started(told), terms);
    const { row } = deriveRows(session, terms);
    expect(row).toMatchObject({ open_since: 1_000, open_attempt: 1, last_at: FACTS * 1_000 });
  });
});

function started(position: number): RecordedFact {
  return {
    kind: 'started',
    source: 'worker',
    id: String(position),
    time: position * 1_000,
    data: { session_id: 's', user_id: 'ann', attempt: 1, stt_provider: 'google' },
    personal: {},
    position,
  };
}
