import type { Terms } from '../domain/account/terms';
import type { UsageAdjusted } from '../domain/ledger';
import { printInstant } from '../domain/time';
import type { StoredEvent } from '../event-store/port';
import type { AdjustmentRow } from '../read-model/rows';
import type { AdjustmentView } from '../read-model/views';

/**
 * Returns the row of an adjustment. It counts in the first period, from the one that it names on, that is open when it
 * is recorded.
 */
export function adjustmentRow(
  userId: string,
  data: UsageAdjusted,
  event: Pick<StoredEvent, 'position' | 'recordedAt'>,
  terms: Terms,
): AdjustmentRow {
  const view: AdjustmentView = {
    id: data.adjustment_id,
    user_id: userId,
    period: data.period,
    billing_period: terms.firstOpen(data.period),
    amount_cents: data.amount_cents,
    currency: data.currency,
    reason: data.reason,
    author: data.author,
    reference: data.reference,
    voids: data.voids,
    recorded_at: printInstant(event.recordedAt),
    position: String(event.position),
  };
  return {
    id: view.id,
    user_id: userId,
    billing_period: view.billing_period,
    currency: view.currency,
    voids: view.voids,
    position: event.position,
    view: JSON.stringify(view),
  };
}
