import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import { readFormat } from '../domain/plan/parse-plans';
import type { Plan } from '../domain/plan/plan';
import type { SummaryCounts } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from './standing';
import type { EntitlementView } from './usage.schemas';

/** What a user wants to do; minutes are a decimal string. */
export interface Wish {
  readonly minutes: string;
  readonly fileSizeBytes: number | undefined;
  readonly exportFormat: string | undefined;
}

/** Whether a user's plan allows more. The answer only informs: usage beyond it is recorded and billed all the same. */
export class Entitlement extends Question<EntitlementView> {
  constructor(
    readonly userId: string,
    readonly wish: Wish,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export interface Limit {
  readonly name: string;
  readonly used: string | number | null;
  readonly requested: string | number;
  readonly limit: unknown;
  readonly allowed: boolean;
  readonly reason: string | null;
}

export class EntitlementHandler implements Answerer<Entitlement, EntitlementView> {
  constructor(private readonly models: Reads) {}

  execute({ userId, wish, asOf }: Entitlement): Promise<EntitlementView> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      const { period } = terms.periodOf(now);
      const plan = terms.plan(userId, now);
      const row = await snapshot.statement(userId, period);
      const summaries = JSON.parse(row?.summaries ?? '{}') as Record<string, SummaryCounts>;
      const limits = limitsOf(plan, Object.values(summaries), wish);
      return {
        allowed: limits.every((limit) => limit.allowed),
        plan: plan.plan,
        limits,
        position: String(position),
      };
    });
  }
}

/** Usage counts across all currencies, because a limit is of minutes, not of money. */
function limitsOf(plan: Plan, used: readonly SummaryCounts[], wish: Wish): Limit[] {
  const seconds = used.reduce((sum, one) => sum.plus(one.billed_seconds), ZERO);
  const sessions = used.reduce((sum, one) => sum + one.sessions, 0);
  const minutes = new Decimal(toMinutes(seconds));
  const wanted = new Decimal(wish.minutes);
  const limits: Limit[] = [
    limit(
      'minutes',
      print(minutes),
      print(wanted),
      plan.minutes,
      plan.minutes === null || minutes.plus(wanted).lte(plan.minutes),
      'minutes_exceeded',
    ),
    limit(
      'sessions',
      sessions,
      1,
      plan.sessions,
      plan.sessions === null || sessions + 1 <= plan.sessions,
      'sessions_exceeded',
    ),
  ];
  const { fileSizeBytes, exportFormat } = wish;
  if (fileSizeBytes !== undefined) {
    const most = plan.file_size_bytes;
    const allowed = most === null || fileSizeBytes <= most;
    limits.push(limit('file_size_bytes', null, fileSizeBytes, most, allowed, 'file_too_large'));
  }
  if (exportFormat !== undefined) {
    const formats = plan.export_formats;
    const name = readFormat(exportFormat);
    const allowed = name !== undefined && (formats === null || formats.includes(name));
    limits.push(limit('export_format', null, exportFormat, formats, allowed, 'format_not_in_plan'));
  }
  return limits;
}

function limit(
  name: string,
  used: Limit['used'],
  requested: Limit['requested'],
  most: unknown,
  allowed: boolean,
  reason: string,
): Limit {
  return { name, used, requested, limit: most, allowed, reason: allowed ? null : reason };
}
