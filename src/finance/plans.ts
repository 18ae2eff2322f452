import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { NO_ACCOUNT } from '../domain/account/agreement';
import { assignedCurrency, type Terms } from '../domain/account/terms';
import { RefusedError } from '../domain/errors';
import type { Json } from '../domain/events/facts';
import {
  accountStream,
  LEDGER_EVENTS,
  LEDGER_STREAM,
  planStream,
  type PlanAssigned,
} from '../domain/ledger';
import { parsePlan } from '../domain/plan/parse-plans';
import type { Plan } from '../domain/plan/plan';
import { parseInstant, printInstant } from '../domain/time';
import { ReadModel, type ReadModelSnapshot } from '../read-model/queries';
import type { SummaryCounts } from '../read-model/views';
import { standingOf } from '../usage/standing';
import { LedgerWriter, type WriteAnswer } from '../ledger/ledger-writer';

/** Defines a plan: what it includes, and its limits. A plan never changes. */
export class DefinePlan extends Command<WriteAnswer> {
  constructor(
    readonly plan: string,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

@CommandHandler(DefinePlan)
export class DefinePlanHandler implements ICommandHandler<DefinePlan, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
  ) {}

  async execute({ plan, author, body, key }: DefinePlan): Promise<WriteAnswer> {
    const data = { plan, ...parsePlan(body) };
    const type = LEDGER_EVENTS.planDefined;
    const request = { type, stream: planStream(plan), key, body, author };
    return this.writer.write(request, async () => {
      const { terms } = await this.readModel.read((snapshot) => standingOf(snapshot));
      const known = terms.planByName(plan);
      if (known === undefined) return { data };
      if (isSame(known, data)) return { unchanged: known };
      throw new RefusedError({
        code: 'plan_exists',
        detail: `The plan ${plan} already exists with other content, and a plan does not change. Define one with another name.`,
      });
    });
  }
}

/** Formats are a set, so their order does not matter. */
function isSame(one: Plan, other: Plan): boolean {
  const text = (plan: Plan) =>
    JSON.stringify({ ...plan, export_formats: plan.export_formats?.toSorted() ?? null });
  return text(one) === text(other);
}

/** Which plan to give, and from when. Without `effective_from`, from now. */
export interface PlanChoice {
  readonly plan: string;
  readonly effective_from?: string | null;
  readonly currency?: string | null;
}

/** Sets the plan of users without an assignment. */
export class SetDefaultPlan extends Command<WriteAnswer> {
  constructor(
    readonly choice: PlanChoice,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

@CommandHandler(SetDefaultPlan)
export class SetDefaultPlanHandler implements ICommandHandler<SetDefaultPlan, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
  ) {}

  execute({ choice, author, body, key }: SetDefaultPlan): Promise<WriteAnswer> {
    const type = LEDGER_EVENTS.planDefaulted;
    const request = { type, stream: LEDGER_STREAM, key, body, author };
    return this.writer.write(request, async ({ now }) => {
      const { terms } = await this.readModel.read((snapshot) => standingOf(snapshot));
      checkPlan(choice.plan, terms);
      return { data: { plan: choice.plan, effective_from: startOf(choice, terms, now) } };
    });
  }
}

/** Assigns a plan to a user, and a currency if one is named. */
export class AssignPlan extends Command<WriteAnswer> {
  constructor(
    readonly userId: string,
    readonly choice: PlanChoice,
    readonly author: string,
    readonly body: Json,
    readonly key: string,
  ) {
    super();
  }
}

@CommandHandler(AssignPlan)
export class AssignPlanHandler implements ICommandHandler<AssignPlan, WriteAnswer> {
  constructor(
    private readonly writer: LedgerWriter,
    private readonly readModel: ReadModel,
  ) {}

  execute({ userId, choice, author, body, key }: AssignPlan): Promise<WriteAnswer> {
    const type = LEDGER_EVENTS.planAssigned;
    const request = { type, stream: accountStream(userId), key, body, author };
    return this.writer.write(request, ({ now }) =>
      this.readModel.read(async (snapshot) => {
        const { terms } = await standingOf(snapshot, userId);
        checkPlan(choice.plan, terms);
        const currency = choice.currency ?? null;
        if (currency !== null && !terms.hasCurrency(currency)) {
          throw new RefusedError({
            code: 'unknown_currency',
            detail: `No rate card is in ${currency}. Publish one first.`,
            pointer: '/currency',
          });
        }
        const data = { plan: choice.plan, currency, effective_from: startOf(choice, terms, now) };
        if (currency !== null) await checkCurrency(userId, data, terms, snapshot);
        const before = (await snapshot.account(userId)) ?? NO_ACCOUNT;
        const account = { assignments: [...before.assignments, data] };
        return { data, complete: { currency: assignedCurrency(terms, userId, account, data) } };
      }),
    );
  }
}

function checkPlan(plan: string, terms: Terms): void {
  if (terms.planByName(plan) !== undefined) return;
  throw new RefusedError({
    code: 'unknown_plan',
    detail: 'There is no plan with this name. GET /v1/plans lists all plans.',
    pointer: '/plan',
  });
}

function startOf(choice: PlanChoice, terms: Terms, now: number): string {
  const given = choice.effective_from ?? null;
  const from = given === null ? now : parseInstant(given)!;
  // East of Greenwich, the last hours of 9999 are in a month that can't be written as YYYY-MM.
  if (terms.periodOf(from).period.length > 'YYYY-MM'.length) {
    throw new RefusedError({
      code: 'invalid_field',
      detail: "effective_from must be in a month up to 9999-12 in the ledger's time zone.",
      pointer: '/effective_from',
    });
  }
  if (from >= now) return printInstant(from);
  throw new RefusedError({
    code: 'effective_in_past',
    detail: 'effective_from must not be in the past. Leave it out to mean now.',
    pointer: '/effective_from',
  });
}

/** A user's currency changes only for whole periods in which there is no usage, waiting attempt or adjustment. */
async function checkCurrency(
  userId: string,
  assigned: PlanAssigned,
  terms: Terms,
  snapshot: ReadModelSnapshot,
): Promise<void> {
  const account = (await snapshot.account(userId)) ?? NO_ACCOUNT;
  const after = { assignments: [...account.assignments, assigned] };
  const then = terms.withAccounts(() => after);
  const first = terms.periodOf(Date.parse(assigned.effective_from));
  const isOther = (period: string) =>
    terms.currency(userId, period) !== then.currency(userId, period);
  const used: string[] = [];
  for (const row of await snapshot.userStatements(userId, first.period)) {
    const summaries = JSON.parse(row.summaries) as Record<string, SummaryCounts>;
    const filled = Object.values(summaries).some(
      (one) => one.transcriptions > 0 || one.adjustments > 0,
    );
    if (filled) used.push(row.period);
  }
  const waits = await snapshot.anyWaiting(first.from, Number.MAX_SAFE_INTEGER, userId);
  if (!used.some(isOther) && !(waits && isOther(first.period))) return;
  throw new RefusedError({
    code: 'currency_change_not_allowed',
    detail:
      'The user has usage, waiting attempts or adjustments in a period that would change its currency. Make the change effective in a later period.',
    pointer: '/currency',
  });
}
