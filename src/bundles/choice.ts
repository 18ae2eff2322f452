import type { Terms } from '../domain/account/terms';
import { readFact } from '../domain/events/stored';
import { sessionOfStream, STREAM_BEGINNINGS, userOfStream } from '../domain/ledger';
import type { StoredEvent } from '../event-store/port';
import type { BundleScope } from './scope';

export const isOfSession = ({ stream }: StoredEvent): boolean =>
  stream.startsWith(STREAM_BEGINNINGS.session);

/**
 * Decides which sessions belong to a scope, as far as facts alone show. A session belongs to a period if a fact of it
 * happened in the period, or happened earlier and was recorded after the events that the earlier period's close counted:
 * it may then count in this one. Logs that are late for another reason (a card, say) are found by their rows.
 */
export class Choice {
  private readonly range: { readonly from: number; readonly to: number } | null;

  constructor(
    private readonly scope: BundleScope,
    private readonly terms: Terms,
  ) {
    this.range = scope.period === null ? null : terms.range(scope.period);
  }

  /** Returns the session that an event makes part of the bundle. */
  sessionOf(event: StoredEvent): string | undefined {
    if (!isOfSession(event)) return undefined;
    const fact = readFact(event.type, event.body);
    if (fact === undefined) return undefined;
    const { user_id } = this.scope;
    if (user_id !== null && fact.data.user_id !== user_id) return undefined;
    return this.mayCount(fact.time, event.position) ? sessionOfStream(event.stream) : undefined;
  }

  /**
   * Whether an event without a session belongs in the bundle. All of the ledger's own events do, except the account
   * events of users outside the scope.
   */
  holds({ stream }: StoredEvent): boolean {
    const { user_id } = this.scope;
    if (user_id === null || !stream.startsWith(STREAM_BEGINNINGS.account)) return true;
    return userOfStream(stream) === user_id;
  }

  private mayCount(time: number, position: number): boolean {
    if (this.range === null) return true;
    if (time >= this.range.to) return false;
    if (time >= this.range.from) return true;
    const close = this.terms.close(this.terms.periodOf(time).period);
    return close !== undefined && position > close.counted;
  }
}
