import type { CardStart, EarlyTrial } from '../../finance/card-start';
import { PeriodAdder } from '../../finance/close-period';
import { CardTrial } from '../../finance/rate-cards';
import { Problem } from '../../http/problem';
import type { PeriodFigures } from '../../usage/period-figures';
import { elsewhereOn, type Workers } from '../threads/pooled';
import { openOwnWorkers } from '../threads/worker';
import { reportTo, type Start } from './start';

/**
 * A signal that never aborts. The call also takes no turn in a lane (`threads/lane.ts`): nothing is recorded while
 * finance waits for its answer.
 */
const NEVER = new AbortController().signal;

/** One for a decision, during which nothing is recorded, and one for a card that is tried before its decision. */
const THREADS = 2;

/**
 * Makes finance's threads, not started yet. Nothing is recorded while finance waits for a decision, so they are not
 * shared with reconciliations, exports and replays, which may work for a minute without a pause.
 */
export function openFinanceThreads({ config, opened }: Start): Workers {
  return opened.keep(openOwnWorkers(config, THREADS, reportTo('finance')));
}

/** Tries rate cards on finance's threads. */
export class PooledCardTrial extends CardTrial {
  private isTrying = false;

  constructor(private readonly pool: Workers) {
    super();
  }

  async tryEarly(start: CardStart): Promise<EarlyTrial> {
    if (this.isTrying) {
      const detail =
        'Another card that begins in the past is being tried on the logs that it may change. Send this card again when that request has been answered.';
      throw new Problem('overloaded', detail);
    }
    this.isTrying = true;
    try {
      return await this.pool.ask('tryCardEarly', start);
    } finally {
      this.isTrying = false;
    }
  }

  mayStart(start: CardStart, early: EarlyTrial | undefined): Promise<boolean> {
    return this.pool.ask('cardMayStart', { start, early });
  }
}

/** Adds periods up on finance's threads. */
export class PooledPeriodAdder extends PeriodAdder {
  constructor(private readonly pool: Workers) {
    super();
  }

  async add(figures: PeriodFigures): ReturnType<PeriodAdder['add']> {
    const asked = { name: figures.constructor.name, fields: { ...figures }, now: 0 };
    const { value, position } = await elsewhereOn(this.pool)(asked, NEVER);
    return { totals: value as Awaited<ReturnType<PeriodAdder['add']>>['totals'], position };
  }
}
