import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import { LEDGER_EVENTS } from '../domain/ledger';
import { MerkleEdge } from '../domain/merkle';
import { printInstant } from '../domain/time';
import { ReadModel } from '../read-model/queries';
import { totalsOf } from '../usage/period-totals';
import { standingOf } from '../usage/standing';
import { closeView } from './billing-periods';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';

/** Close a billing period that is over: its numbers never change again. */
export class ClosePeriod extends Command<WriteAnswer> {
  constructor(
    readonly period: string,
    readonly force: boolean,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

@CommandHandler(ClosePeriod)
export class ClosePeriodHandler implements ICommandHandler<ClosePeriod, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
  ) {}

  execute({ period, force, body, key }: ClosePeriod): Promise<WriteAnswer> {
    const stream = `billing_period-${period}`;
    const request = { type: LEDGER_EVENTS.periodClosed, stream, key, body };
    return this.writer.write(request, ({ now }) =>
      this.readModel.read(async (snapshot) => {
        const { terms, size, edge } = await standingOf(snapshot);
        const closed = terms.close(period);
        if (closed !== undefined) return { unchanged: closeView(closed) };
        const { from, to } = terms.range(period);
        if (to > now) {
          throw new RefusedError({
            code: 'period_not_over',
            detail: `The period ${period} ends at ${printInstant(to)}. Close it then.`,
          });
        }
        if (!force && (await snapshot.anyWaiting(from, to))) {
          throw new RefusedError({
            code: 'attempts_waiting',
            detail:
              'Attempts of the period are pending or unrated. GET /v1/audit/pending lists them. Settle them, or close with force. What settles later is billed in a later period.',
          });
        }
        return {
          data: {
            period,
            from: printInstant(from),
            to: printInstant(to),
            // Nothing is recorded between this and the close, so the close counts everything before it.
            size,
            root: MerkleEdge.of(size, edge).root(),
            totals: await totalsOf(snapshot, period),
          },
        };
      }),
    );
  }
}
