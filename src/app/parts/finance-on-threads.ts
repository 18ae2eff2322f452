import type { CardStart } from '../../finance/card-start';
import { PeriodAdder } from '../../finance/close-period';
import { CardTrial } from '../../finance/rate-cards';
import type { PeriodFigures } from '../../usage/period-figures';
import { elsewhereOn, type Workers } from '../threads/pooled';
import { openOwnWorker } from '../threads/worker';
import { reportTo, type Start } from './start';

/** A signal that never aborts. The call skips the lanes too: nothing is recorded while finance waits for it. */
const NEVER = new AbortController().signal;

/**
 * Makes finance's thread, not started yet. Nothing is recorded while finance waits for it, so it shares no thread with
 * reconciliations, exports and replays, which may work for a minute without a pause.
 */
export function openFinanceThread({ config, opened }: Start): Workers {
  return opened.keep(openOwnWorker(config, reportTo('finance')));
}

/** Tries rate cards on finance's thread. */
export class PooledCardTrial extends CardTrial {
  constructor(private readonly pool: Workers) {
    super();
  }

  mayStart(start: CardStart): Promise<boolean> {
    return this.pool.ask('cardMayStart', start);
  }
}

/** Adds periods up on finance's thread. */
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
