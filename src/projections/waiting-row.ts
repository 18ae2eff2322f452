import type { Terms } from '../domain/account/terms';
import { print } from '../domain/money';
import { priceEntryName } from '../domain/rating/rate-card';
import type { RateCard } from '../domain/rating/rate-card';
import { EMPTY_STATEMENT, rateLog } from '../domain/rating/statement';
import type { Attempt } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import type { WaitingRow } from '../read-model/rows';
import type { WaitingView } from '../read-model/views';
import type { Completed, ProjectedSession } from './session-projection';

/** Returns the row of a completed attempt that has no log yet: it waits for an earlier one to end, or for a price. */
export function waitingOf(
  session: ProjectedSession,
  { attempt, card, result }: Completed,
  terms: Terms,
): WaitingRow {
  const outcome = attempt.outcome!;
  const { userId } = session;
  const view: Omit<WaitingView, 'age_seconds'> = {
    status: result.status as 'pending' | 'unrated',
    user_id: userId,
    session_id: session.sessionId,
    attempt: attempt.attempt,
    stt_provider: outcome.data.stt_provider!,
    duration_seconds: outcome.data.duration_seconds!,
    completed_at: printInstant(outcome.time),
    value_at_risk: valueAtRisk(attempt, card),
    currency: terms.currency(userId, terms.periodOf(outcome.time).period),
    position: String(outcome.position),
  };
  return {
    session_id: session.sessionId,
    attempt: attempt.attempt,
    user_id: userId,
    completed_at: outcome.time,
    view: JSON.stringify(view),
  };
}

/** Returns the cost of an attempt billed alone, at the first tier and without allowance; `null` without a price. */
function valueAtRisk(attempt: Attempt, card: RateCard | undefined): string | null {
  const data = attempt.outcome!.data;
  const name = card && priceEntryName(card, data.stt_provider!);
  if (card === undefined || name === undefined) return null;
  const entry = card.prices[name]!;
  const tiers = entry.tiers?.slice(0, 1).map((tier) => ({ ...tier, up_to_minutes: null }));
  const alone = { ...card, prices: { [name]: tiers ? { ...entry, tiers } : entry } };
  const rated = rateLog(
    EMPTY_STATEMENT,
    {
      billable: true,
      provider: data.stt_provider!,
      durationSeconds: data.duration_seconds!,
      channels: data.channels!,
      speakerCount: data.speaker_count ?? null,
      confidenceScore: data.confidence_score ?? null,
      card: alone,
      includedMinutes: '0',
    },
    new Map(),
  );
  return print(rated.cost);
}
