import type { Page } from '../http/cursor';
import type { Answerer, Reads } from '../snapshots/question';
import { answerSearch, Search } from './search';
import { termsOfUsers } from './terms-of-users';

/** A user who has a log, a failure or an adjustment. */
export interface UserView {
  readonly user_id: string;
  /** The plan in force now. */
  readonly plan: string;
  readonly currency: string;
  readonly first_period: string;
  readonly last_period: string;
}

/** The users with a log, a failure or an adjustment in any period, by id. */
export class Users extends Search<UserView> {}

export class UsersHandler implements Answerer<Users, Page<UserView>> {
  constructor(private readonly models: Reads) {}

  execute(asked: Users): Promise<Page<UserView>> {
    return answerSearch(
      this.models,
      asked,
      'users',
      async (ids, { snapshot, terms: general, now }) => {
        const terms = await termsOfUsers(snapshot, general, ids);
        const periods = await snapshot.listings.userPeriods(ids);
        const byUser = new Map(periods.map((one) => [one.user_id, one]));
        const { period } = terms.periodOf(now);
        return ids.map((user_id) => ({
          user_id,
          plan: terms.plan(user_id, now).plan,
          currency: terms.currency(user_id, period),
          first_period: byUser.get(user_id)!.first_period,
          last_period: byUser.get(user_id)!.last_period,
        }));
      },
    );
  }
}
