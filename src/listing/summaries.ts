import type { Summaries } from '../domain/billing/summary';
import type { Page } from '../http/cursor';
import { refuseCursor } from '../http/cursor';
import { readIdCursor, writeIdCursor } from '../http/id-cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';
import { summaryView } from '../usage/usage-summary';
import { termsOfUsers } from './terms-of-users';

/**
 * The summaries of all users for a period: one for each currency in which a user has anything, by user and currency.
 * All summaries in a currency add up to the period's totals in it.
 */
export class PeriodSummaries extends Question<Page<object>> {
  constructor(
    /** `undefined` = the current one. */
    readonly period: string | undefined,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class PeriodSummariesHandler implements Answerer<PeriodSummaries, Page<object>> {
  constructor(private readonly models: Reads) {}

  execute({ period: asked, cursor, limit, asOf }: PeriodSummaries): Promise<Page<object>> {
    // The cursor keeps the period: "the current one" may be another one when the next page is asked for.
    const [begun, lastUser, lastCurrency] = readIdCursor(cursor, 3) as [string, string, string];
    if (begun !== '' && asked !== undefined && asked !== begun) refuseCursor();
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms: general, position } = await standingOf(snapshot);
      const period = begun === '' ? (asked ?? general.periodOf(now).period) : begun;
      // The last user on the page before may have more currencies, so that user's statement is read again.
      const again = lastUser === '' ? undefined : await snapshot.statement(lastUser, period);
      const rest = await snapshot.periodStatements(period, lastUser, limit + 1);
      const found = [...(again === undefined ? [] : [again]), ...rest].flatMap((row) => {
        const summaries = JSON.parse(row.summaries) as Summaries;
        return Object.keys(summaries)
          .sort()
          .filter((currency) => row.user_id !== lastUser || currency > lastCurrency)
          .map((currency) => ({ userId: row.user_id, period, currency, summaries }));
      });
      const shown = found.slice(0, limit);
      const users = [...new Set(shown.map(({ userId }) => userId))];
      const terms = await termsOfUsers(snapshot, general, users);
      const last = shown.at(-1);
      return {
        items: shown.map((one) => summaryView(one, terms, position, now)),
        next_cursor:
          found.length > limit && last !== undefined
            ? writeIdCursor(period, last.userId, last.currency)
            : null,
      };
    });
  }
}
