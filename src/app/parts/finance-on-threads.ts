import type { CardStart } from '../../finance/card-start';
import { PeriodAdder } from '../../finance/close-period';
import { CardTrial } from '../../finance/rate-cards';
import type { PeriodFigures } from '../../usage/period-figures';
import { elsewhereOn, type Workers } from '../threads/pooled';

/** Never aborted. The call also skips the lanes, as nothing is recorded while finance waits for it. */
const NEVER = new AbortController().signal;

/** Tries rate cards on a thread of the pool. */
export class PooledCardTrial extends CardTrial {
  constructor(private readonly pool: Workers) {
    super();
  }

  mayStart(start: CardStart): Promise<boolean> {
    return this.pool.ask('cardMayStart', start);
  }
}

/** Adds periods up on a thread of the pool. */
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
