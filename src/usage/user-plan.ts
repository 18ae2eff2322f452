import { NO_ACCOUNT, type Account } from '../domain/account/agreement';
import type { Terms } from '../domain/account/terms';
import { DEFAULT_PLAN } from '../domain/plan/plan';
import { printInstant } from '../domain/time';
import { pageByKey, placeInTime, type Page } from '../http/cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from './standing';
import type { UserPlanView } from './usage.schemas';

/** The time for which a user has a plan, `[from, to)`. */
export interface PlanStretch {
  readonly plan: string;
  /** `null` = from the beginning. */
  readonly from: string | null;
  /** `null` = until further notice. */
  readonly to: string | null;
  /** Whether the plan was assigned to the user; otherwise it is the plan of users without an assignment. */
  readonly assigned: boolean;
  /** The currency that the assignment set. */
  readonly currency: string | null;
}

/** A user's plan now, what it allows, and the one that comes next. */
export class UserPlan extends Question<UserPlanView> {
  constructor(
    readonly userId: string,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UserPlanHandler implements Answerer<UserPlan, UserPlanView> {
  constructor(private readonly models: Reads) {}

  execute({ userId, asOf }: UserPlan): Promise<UserPlanView> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      const all = stretchesOf(terms, (await snapshot.account(userId)) ?? NO_ACCOUNT);
      const at = all.findLastIndex(({ from }) => from === null || Date.parse(from) <= now);
      const { plan, from, assigned } = all[at]!;
      const { included_minutes, minutes, sessions, file_size_bytes, export_formats } =
        terms.planByName(plan)!;
      return {
        user_id: userId,
        plan,
        effective_from: from,
        assigned,
        currency: terms.currency(userId, terms.periodOf(now).period),
        included_minutes,
        limits: { minutes, sessions, file_size_bytes, export_formats },
        next: all[at + 1] ?? null,
        position: String(position),
      };
    });
  }
}

/** The plans that a user had, has and will have, oldest first. */
export class PlanHistory extends Question<Page<PlanStretch>> {
  constructor(
    readonly userId: string,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class PlanHistoryHandler implements Answerer<PlanHistory, Page<PlanStretch>> {
  constructor(private readonly models: Reads) {}

  execute({ userId, cursor, limit, asOf }: PlanHistory): Promise<Page<PlanStretch>> {
    return this.models.read(asOf, async (snapshot) => {
      const { terms } = await standingOf(snapshot, userId);
      const all = stretchesOf(terms, (await snapshot.account(userId)) ?? NO_ACCOUNT);
      const keyOf = ({ from }: PlanStretch) =>
        from === null ? '' : placeInTime(Date.parse(from), 'plan');
      return pageByKey(all, keyOf, cursor, limit, (one) => one);
    });
  }
}

/**
 * Returns the stretches in order. If two plans take effect at the same time, an assigned plan counts before a default
 * one; otherwise the one recorded later counts.
 */
export function stretchesOf({ agreement }: Terms, { assignments }: Account): PlanStretch[] {
  const said = [
    ...agreement.defaults.map((one) => ({ ...one, currency: null, assigned: false })),
    ...assignments.map((one) => ({ ...one, assigned: true })),
  ]
    .map((one) => ({ ...one, at: Date.parse(one.effective_from) }))
    .sort((a, b) => a.at - b.at);
  const stretches: PlanStretch[] = [
    { plan: DEFAULT_PLAN, from: null, to: null, assigned: false, currency: null },
  ];
  for (const { plan, currency, assigned, at } of said) {
    const last = stretches.at(-1)!;
    // A new default plan does not concern a user who has an assignment.
    if (last.assigned && !assigned) continue;
    const from = printInstant(at);
    if (last.from === from) stretches.pop();
    else stretches[stretches.length - 1] = { ...last, to: from };
    stretches.push({ plan, from, to: null, assigned, currency });
  }
  return stretches;
}
