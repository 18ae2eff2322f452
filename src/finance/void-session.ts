import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefusedError } from '../domain/errors';
import { sessionStream, type Json } from '../domain/events/facts';
import { LEDGER_EVENTS } from '../domain/ledger';
import type { EventStore } from '../event-store/port';
import { BillingFold } from '../projections/billing-fold';
import { parseCountKey } from '../projections/session-counts';
import type { RowsToRead } from '../read-model/rows';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';

/** Voids a session whose facts are wrong, so that the correct ones can be sent. */
export class VoidSession extends Command<WriteAnswer> {
  constructor(
    readonly sessionId: string,
    readonly reason: string,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

/**
 * Finds out from a session's facts and the read model whether it is voided, and whether it counts in a closed period.
 */
export class SessionStanding {
  constructor(
    private readonly store: EventStore,
    private readonly rows: RowsToRead,
  ) {}

  /**
   * Returns whether the session is voided, and whether it counts in a closed period; `undefined` if no fact names it.
   */
  async of(
    sessionId: string,
    head: number,
  ): Promise<{ voided: boolean; closed: boolean } | undefined> {
    const fold = new BillingFold(this.store, this.rows);
    const terms = fold.begin(await this.rows.checkpoint());
    const session = await fold.session(sessionId, head + 1);
    if (session === undefined) return undefined;
    const periods = [...session.written.counts.keys()].map((key) => parseCountKey(key).period);
    // A void in the gap of a close leaves a log in the closed period that belongs to no fact any more.
    for (const log of await this.rows.sessionLogs(sessionId)) periods.push(log.billing_period);
    return {
      voided: session.facts.length === 0,
      closed: periods.some((period) => terms.close(period) !== undefined),
    };
  }
}

@CommandHandler(VoidSession)
export class VoidSessionHandler implements ICommandHandler<VoidSession, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly standing: SessionStanding,
  ) {}

  execute({ sessionId, reason, author, body, key }: VoidSession): Promise<WriteAnswer> {
    const request = {
      type: LEDGER_EVENTS.sessionVoided,
      stream: sessionStream(sessionId),
      key,
      body,
    };
    return this.writer.write(request, async ({ head }) => {
      const session = await this.standing.of(sessionId, head);
      if (session === undefined) {
        throw new RefusedError({ code: 'unknown_session', detail: 'No event names this session.' });
      }
      if (session.voided) {
        throw new RefusedError({
          code: 'already_voided',
          detail: 'Already voided, with no events since. Send the corrected events.',
        });
      }
      if (session.closed) {
        throw new RefusedError({
          code: 'period_closed',
          detail:
            'A log or a failure of the session counts in a closed period, which nothing changes. Correct it with an adjustment.',
        });
      }
      return { data: { reason, author } };
    });
  }
}
