import { BoundedMap } from '../lib/bounded-map';
import type { Rater } from '../domain/billing/charge';
import { comparePlaces, type LogPlace } from '../domain/billing/place';
import type { UsageLog } from '../domain/billing/usage-log';
import { BEFORE_ALL } from './queries';
import { shown, type RatedLogs } from './rated-logs';
import { revealed } from './revealed';
import type { UsageLogRow } from './rows';

/** For at least how many users the stream remembers how far their statements are rated. */
const KEPT_USERS = 20_000;

/**
 * Rates the logs of a period as they come in rank order over all users. Each user's logs come in the order of their
 * statement, so each log is rated once. If a user's rater was dropped from memory, rating resumes from a mark.
 */
export class PeriodLogStream {
  private readonly raters = new BoundedMap<string, Rater>(2 * KEPT_USERS);
  private users = 0;

  /** @param from the rank after which the stream begins. */
  constructor(
    private readonly rated: RatedLogs,
    private readonly from: LogPlace,
  ) {}

  async next(rows: readonly UsageLogRow[]): Promise<UsageLog[]> {
    const facts = await revealed(rows, this.rated.personal);
    const logs: UsageLog[] = [];
    for (const [at, row] of rows.entries()) {
      let rater = this.raters.get(row.user_id);
      if (rater === undefined) {
        rater = await this.begin(row);
        this.raters.set(row.user_id, rater);
      }
      logs.push(shown(facts[at]!, this.rated.rate(rater, row)));
    }
    return logs;
  }

  private begin(row: UsageLogRow): Promise<Rater> {
    this.users += 1;
    const key = { user_id: row.user_id, period: row.billing_period };
    const isFirst = this.users <= KEPT_USERS && comparePlaces(this.from, BEFORE_ALL) === 0;
    return isFirst ? this.rated.raterFromStart(key) : this.rated.raterAt(key, row);
  }
}
