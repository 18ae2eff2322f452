import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import type { Close } from '../domain/account/agreement';
import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import {
  LEDGER_EVENTS,
  periodStream,
  type PeriodClosed,
  type PeriodTotals,
} from '../domain/ledger';
import { MerkleEdge } from '../domain/merkle';
import { printInstant } from '../domain/time';
import { Problem } from '../http/problem';
import { ReadModel, type ReadModelSnapshot } from '../read-model/queries';
import { PeriodFigures } from '../usage/period-figures';
import { standingOf } from '../usage/standing';
import { closeView } from './billing-periods';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';

/** Closes a billing period that is over. Its numbers never change again. */
export class ClosePeriod extends Command<WriteAnswer> {
  constructor(
    readonly period: string,
    readonly force: boolean,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

/** Adds up a period over all users. It reads much, so it runs on another thread. */
export abstract class PeriodAdder {
  /** @returns the totals, and the position as of which they hold. */
  abstract add(figures: PeriodFigures): Promise<Figures>;
}

interface Figures {
  readonly totals: readonly PeriodTotals[];
  readonly position: number;
}

@CommandHandler(ClosePeriod)
export class ClosePeriodHandler implements ICommandHandler<ClosePeriod, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
    private readonly adder: PeriodAdder,
  ) {}

  execute({ period, force, author, body, key }: ClosePeriod): Promise<WriteAnswer> {
    const stream = periodStream(period);
    const request = { type: LEDGER_EVENTS.periodClosed, stream, key, body, author };
    return this.writer.write(request, async ({ now }) => {
      const place = await this.readModel.read((snapshot) => placeOf(snapshot, period, force, now));
      if ('closed' in place) return { unchanged: closeView(place.closed) };
      const { totals, position } = await this.adder.add(new PeriodFigures(period));
      if (position === place.position) return { data: { ...place.counted, totals } };
      throw new Problem(
        'not_caught_up',
        'The read model has changed in the meantime. Send the request again.',
      );
    });
  }
}

/**
 * Returns what the close of a period counts, and up to which position; or the existing close, if the period is closed
 * already.
 */
async function placeOf(
  snapshot: ReadModelSnapshot,
  period: string,
  force: boolean,
  now: number,
): Promise<
  | { readonly closed: Close }
  | { readonly counted: Omit<PeriodClosed, 'totals'>; readonly position: number }
> {
  const { terms, size, edge, position } = await standingOf(snapshot);
  const closed = terms.close(period);
  if (closed !== undefined) return { closed };
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
  // Nothing is recorded between this and the close, so the close counts everything before it.
  const root = MerkleEdge.of(size, edge).root();
  const counted = { period, from: printInstant(from), to: printInstant(to), size, root };
  return { counted, position };
}
