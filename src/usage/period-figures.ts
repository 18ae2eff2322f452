import type { PeriodTotals } from '../domain/ledger';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { totalsOf } from './period-totals';

/** The totals over all users that the close of a period pins. */
export class PeriodFigures extends Question<readonly PeriodTotals[]> {
  readonly asOf = undefined;

  constructor(readonly period: string) {
    super();
  }
}

export class PeriodFiguresHandler implements Answerer<PeriodFigures, readonly PeriodTotals[]> {
  constructor(private readonly reads: Reads) {}

  execute({ period }: PeriodFigures): Promise<readonly PeriodTotals[]> {
    return this.reads.read(undefined, (snapshot) => totalsOf(snapshot, period));
  }
}
