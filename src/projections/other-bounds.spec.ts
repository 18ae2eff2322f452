import { randomUUID } from 'node:crypto';

import { LedgerInMemory, openingTerms } from '../../test/support/ledger-in-memory';
import { reference, type CloudEvent, type LedgerEntry } from '../checker/derivation/reference';
import { LEDGER_EVENTS, periodStream, writeLedgerEvent } from '../domain/ledger';
import { NO_STREAM } from '../event-store/port';

const CARD = {
  rate_card_id: 'card',
  currency: 'EUR',
  effective_from: '2026-01-01T00:00:00.000Z',
  prices: { google: { amount: '0.0171' } },
};
const AT = Date.parse('2026-11-02T00:00:00Z');

function completed(session: string, time: string): CloudEvent {
  return {
    specversion: '1.0',
    id: session,
    source: 'worker',
    type: 'transcription.session.completed',
    time,
    data: {
      session_id: session,
      user_id: 'ann',
      attempt: 1,
      stt_provider: 'google',
      duration_seconds: 60,
    },
  };
}

/** As a Node.js would have closed it whose time zone data had the clocks of the zone an hour ahead. */
const CLOSED = {
  period: '2026-10',
  from: '2026-10-01T00:00:00.000Z',
  to: '2026-10-31T23:00:00.000Z',
};
const BEFORE = [
  completed('counted', '2026-10-31T22:30:00.000Z'),
  completed('of-the-next-month', '2026-10-31T23:30:00.000Z'),
];
const AFTER = [
  completed('told-later', '2026-10-31T23:45:00.000Z'),
  completed('late', '2026-10-31T22:45:00.000Z'),
];
const NEXT = { usage_period: '2026-11', billing_period: '2026-11', late: false };
const MONTHS = [
  { session_id: 'counted', usage_period: '2026-10', billing_period: '2026-10', late: false },
  { session_id: 'of-the-next-month', ...NEXT },
  { session_id: 'told-later', ...NEXT },
  { session_id: 'late', usage_period: '2026-10', billing_period: '2026-11', late: true },
];

const monthsOf = (logs: readonly (typeof MONTHS)[number][]) =>
  MONTHS.map(({ session_id }) => logs.find((log) => log.session_id === session_id));

describe('a period that was closed under other time zone data', () => {
  it('keeps the bounds that its close names, also for facts from before the close', async () => {
    const ledger = await LedgerInMemory.open(openingTerms([CARD], { free: {} }));
    await ledger.send(BEFORE);
    const size = 1 + BEFORE.length;
    const body = writeLedgerEvent({ ...CLOSED, size, root: '0'.repeat(64), totals: [] });
    const event = { id: randomUUID(), type: LEDGER_EVENTS.periodClosed, body, recordedAt: AT };
    await ledger.store.append([
      { stream: periodStream('2026-10'), expectedRevision: NO_STREAM, events: [event] },
    ]);
    await ledger.send(AFTER);
    for (const pageSize of [1, 1_000]) {
      expect(monthsOf((await ledger.rows(pageSize)).logs)).toMatchObject(MONTHS);
    }
  });

  it('keeps them for the checker, too', () => {
    const fact = (event: CloudEvent): LedgerEntry => ({ type: 'fact', recorded_at: AT, event });
    const entries: LedgerEntry[] = [
      {
        type: 'ledger.opened',
        recorded_at: AT,
        billing_time_zone: 'UTC',
        rate_cards: [CARD],
        plans: { free: {} },
      },
      ...BEFORE.map(fact),
      { type: 'billing_period.closed', recorded_at: AT, ...CLOSED, size: 1 + BEFORE.length },
      ...AFTER.map(fact),
    ];
    expect(monthsOf(reference(entries, AT).logs)).toMatchObject(MONTHS);
  });
});
