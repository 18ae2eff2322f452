import { Decimal, toMinutes } from '../../src/domain/money';
import type { UsageLogView } from '../../src/read-model/views';
import type { reference } from '../../src/checker/derivation/reference';
import type { Rows } from './ledger-in-memory';

/**
 * Returns the parts of the rows that the reference derives too, in its form. Ids of cards are replaced, because each
 * ledger has its own.
 */
export function billOf(rows: Rows, like: ReturnType<typeof reference>) {
  const names = Object.keys(like.logs[0] ?? {});
  return {
    logs: [...rows.logs]
      .sort(byStatement)
      .map((log) =>
        Object.fromEntries(
          names.map((name) => [
            name,
            name === 'rate_card_id' ? 'same' : (log as unknown as Record<string, unknown>)[name],
          ]),
        ),
      ),
    waiting: rows.waiting.map(({ session_id, attempt, user_id, status }) => ({
      session_id,
      attempt,
      user_id,
      status,
    })),
    summaries: rows.statements.map(({ user_id, period, currency, counts }) => {
      const {
        usage_cost_cents,
        by_provider,
        by_transcription_type,
        adjustments: _,
        adjustments_cents,
        ...rest
      } = counts;
      const minutes = (seconds: string) => toMinutes(new Decimal(seconds));
      const parts = (groups: typeof by_provider, name: string) =>
        Object.entries(groups).map(([value, one]) => ({
          [name]: value,
          ...one,
          billable_minutes: minutes(one.billed_seconds),
        }));
      return {
        user_id,
        period,
        currency,
        ...rest,
        billable_minutes: minutes(counts.billed_seconds),
        usage_cost_cents,
        adjustments_cents,
        cost_cents: usage_cost_cents + adjustments_cents,
        by_provider: parts(by_provider, 'stt_provider'),
        by_transcription_type: parts(by_transcription_type, 'transcription_type'),
      };
    }),
  };
}

/** Sorts as the reference does: by period, user and currency. Within these, the rows are already in statement order. */
function byStatement(a: UsageLogView, b: UsageLogView): number {
  const key = (log: UsageLogView) => [log.billing_period, log.user_id, log.currency].join(' ');
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
