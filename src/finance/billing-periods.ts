import type { Close } from '../domain/account/agreement';
import type { Plan } from '../domain/plan/plan';
import type { RateCard } from '../domain/rating/rate-card';
import { printInstant } from '../domain/time';
import { pageByKey, type Page } from '../http/cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';
import { waitingPeriods } from './periods-in-use';
import type { CloseView } from './period.schemas';

/** Converts a close to the form of the API. */
export function closeView({ period, from, to, size, root, totals, closed_at }: Close): CloseView {
  return { period, from, to, size, root, totals, closed_at };
}

/** The closed periods, and those with usage, failures, adjustments or waiting attempts, oldest first. */
export class BillingPeriods extends Question<Page<object>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class BillingPeriodsHandler implements Answerer<BillingPeriods, Page<object>> {
  constructor(private readonly models: Reads) {}

  execute({ cursor, limit, asOf }: BillingPeriods): Promise<Page<object>> {
    return this.models.read(asOf, async (snapshot) => {
      const { terms } = await standingOf(snapshot);
      const closed = terms.agreement.closes.map((close) => close.period);
      const used = await snapshot.statementPeriods();
      const all = new Set([...closed, ...used, ...(await waitingPeriods(snapshot, terms))]);
      return pageByKey(
        [...all].sort(),
        (period) => period,
        cursor,
        limit,
        (period) => {
          const close = terms.close(period);
          if (close !== undefined) return { ...closeView(close), state: 'closed' };
          const { from, to } = terms.range(period);
          const open = { size: null, root: null, totals: null, closed_at: null, state: 'open' };
          return { period, from: printInstant(from), to: printInstant(to), ...open };
        },
      );
    });
  }
}

/** All rate cards, in ledger order. */
export class RateCards extends Question<Page<RateCard>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class RateCardsHandler implements Answerer<RateCards, Page<RateCard>> {
  constructor(private readonly models: Reads) {}

  execute({ cursor, limit, asOf }: RateCards): Promise<Page<RateCard>> {
    return this.models.read(asOf, async (snapshot) => {
      const { terms } = await standingOf(snapshot);
      const cards = terms.agreement.cards.map((card, index) => ({ card, index }));
      // Ten digits, so that the texts sort like the numbers.
      const key = ({ index }: { index: number }) => String(index).padStart(10, '0');
      return pageByKey(cards, key, cursor, limit, ({ card }) => card);
    });
  }
}

/** All plans, by name. */
export class Plans extends Question<Page<Plan>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class PlansHandler implements Answerer<Plans, Page<Plan>> {
  constructor(private readonly models: Reads) {}

  execute({ cursor, limit, asOf }: Plans): Promise<Page<Plan>> {
    return this.models.read(asOf, async (snapshot) => {
      const { terms } = await standingOf(snapshot);
      const names = Object.keys(terms.agreement.plans).sort();
      return pageByKey(
        names,
        (name) => name,
        cursor,
        limit,
        (name) => terms.planByName(name)!,
      );
    });
  }
}
