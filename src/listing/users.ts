import type { Page } from '../http/cursor';
import { readIdCursor, writeIdCursor } from '../http/id-cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';
import { termsOfUsers } from './terms-of-users';

/** A user with usage. */
export interface UserView {
  readonly user_id: string;
  /** Now. */
  readonly plan: string;
  readonly currency: string;
  readonly first_period: string;
  readonly last_period: string;
}

/** The users with a log, a failure or an adjustment in any period, by id. */
export class Users extends Question<Page<UserView>> {
  constructor(
    /** What the ids contain, without regard to case. */
    readonly search: string | undefined,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsersHandler implements Answerer<Users, Page<UserView>> {
  constructor(private readonly models: Reads) {}

  execute({ search, cursor, limit, asOf }: Users): Promise<Page<UserView>> {
    const [after] = readIdCursor(cursor);
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms: general } = await standingOf(snapshot);
      const { ids, next } = await snapshot.listings.ids('users', search, after!, limit);
      const terms = await termsOfUsers(snapshot, general, ids);
      const periods = await snapshot.listings.userPeriods(ids);
      const byUser = new Map(periods.map((one) => [one.user_id, one]));
      const { period } = terms.periodOf(now);
      const items = ids.map((user_id) => ({
        user_id,
        plan: terms.plan(user_id, now).plan,
        currency: terms.currency(user_id, period),
        first_period: byUser.get(user_id)!.first_period,
        last_period: byUser.get(user_id)!.last_period,
      }));
      return { items, next_cursor: next === undefined ? null : writeIdCursor(next) };
    });
  }
}
