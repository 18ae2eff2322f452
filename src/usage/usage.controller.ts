import { Controller, Get, Param, Query } from '@nestjs/common';

import { parseInstant } from '../domain/time';
import { ListParameters, ReadParameters, UserPath } from '../http/fields/parameters.dto';
import { Problem } from '../http/problem';
import { Answers, type Asking } from '../snapshots/answers';
import { Asked } from './asking';
import { Entitlement } from './entitlement';
import {
  AnySessionPath,
  EntitlementParameters,
  HistoryParameters,
  LogListParameters,
  SummaryParameters,
  TrendParameters,
  UsageLogPath,
} from './parameters.dto';
import { Pending } from './pending';
import { OneSession, OneUsageLog, UsageLogs } from './usage-logs';
import { UsageHistory, UsageSummary } from './usage-summary';
import { UsageTotals } from './usage-totals';
import { UsageTrend } from './usage-trend';
import { PlanHistory, UserPlan } from './user-plan';
import { onlyUserOf, type Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import {
  ENTITLEMENT,
  PLAN_STRETCH,
  SUMMARY,
  TREND,
  USAGE_TOTALS,
  USER_PLAN,
} from './usage.schemas';
import { EXPLAINED_USAGE_LOG, SESSION, USAGE_LOG, WAITING } from './log.schemas';

/** The readers' endpoints. Every answer comes from one snapshot of the read model. */
@Controller('v1')
export class UsageController {
  constructor(private readonly answers: Answers) {}

  @Get('users/:user_id/usage-summary')
  @Describe({
    tag: 'Readers',
    summary: "A user's month, added up.",
    description:
      "Transcriptions, minutes, cents, the plan and what is left of it. A user that no event names has an empty summary. Failures count in the user's currency.",
    answers: { 200: json(SUMMARY) },
  })
  @Roles('reader')
  summary(
    @Param() { user_id }: UserPath,
    @Query() { period, currency, as_of }: SummaryParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UsageSummary(user_id, period, currency, as_of), asking);
  }

  @Get('users/:user_id/usage-history')
  @Describe({
    tag: 'Readers',
    summary: 'The last months, newest first.',
    description:
      'Summaries of the current month and of earlier ones, including empty ones. It is one page.',
    answers: { 200: json(page(SUMMARY)) },
  })
  @Roles('reader')
  async history(
    @Param() { user_id }: UserPath,
    @Query() { months, currency, as_of }: HistoryParameters,
    @Asked() asking: Asking,
  ) {
    const question = new UsageHistory(user_id, months, currency, as_of);
    return { items: await this.answers.ask(question, asking), next_cursor: null };
  }

  @Get('users/:user_id/usage-trend')
  @Describe({
    tag: 'Readers',
    summary: 'Usage by day, week or month.',
    description:
      'By the time of completion, in one currency. Empty points are included; the first and the last are cut to the range.',
    answers: { 200: json(TREND) },
  })
  @Roles('reader')
  trend(@Param() { user_id }: UserPath, @Query() asked: TrendParameters, @Asked() asking: Asking) {
    const [from, to] = [parseInstant(asked.from)!, parseInstant(asked.to)!];
    if (to <= from) {
      throw new Problem('invalid_parameter', 'to must be after from.', { pointer: '/to' });
    }
    const { group_by, currency, as_of } = asked;
    return this.answers.ask(new UsageTrend(user_id, from, to, group_by, currency, as_of), asking);
  }

  @Get('users/:user_id/entitlement')
  @Describe({
    tag: 'Readers',
    summary: "Whether the user's plan allows more.",
    description:
      'Compares what is used and requested with the limits of the plan. It only informs: usage that arrives anyway is recorded and billed.',
    answers: { 200: json(ENTITLEMENT) },
  })
  @Roles('reader')
  entitlement(
    @Param() { user_id }: UserPath,
    @Query() asked: EntitlementParameters,
    @Asked() asking: Asking,
  ) {
    const { minutes, file_size_bytes: fileSizeBytes, export_format: exportFormat } = asked;
    const wish = { minutes, fileSizeBytes, exportFormat };
    return this.answers.ask(new Entitlement(user_id, wish, asked.as_of), asking);
  }

  @Get('users/:user_id/usage-logs')
  @Describe({
    tag: 'Readers',
    summary: 'Usage logs, newest first.',
    description:
      'One log per completed attempt that does not wait, with its minutes, its cost and the reason why it is billed or not.',
    answers: { 200: json(page(USAGE_LOG)) },
  })
  @Roles('reader')
  logs(@Param() { user_id }: UserPath, @Query() asked: LogListParameters, @Asked() asking: Asking) {
    const filter = {
      period: asked.period,
      provider: asked.provider?.toLowerCase(),
      transcriptionType: asked.transcription_type,
    };
    return this.answers.ask(
      new UsageLogs(user_id, filter, asked.cursor, asked.limit, asked.as_of),
      asking,
    );
  }

  @Get('users/:user_id/usage-totals')
  @Describe({
    tag: 'Readers',
    summary: 'What a user has used and is charged since the first session, by currency.',
    description:
      'All months added up, one total per currency. A user that no event names has none.',
    answers: { 200: json(USAGE_TOTALS) },
  })
  @Roles('reader')
  totals(
    @Param() { user_id }: UserPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UsageTotals(user_id, as_of), asking);
  }

  @Get('users/:user_id/plan')
  @Describe({
    tag: 'Readers',
    summary: "A user's plan, what it allows, and the one that comes next.",
    description:
      'The plan in force now, or at `as_of`. `assigned` is false for the plan of users without an assignment.',
    answers: { 200: json(USER_PLAN) },
  })
  @Roles('reader')
  plan(
    @Param() { user_id }: UserPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UserPlan(user_id, as_of), asking);
  }

  @Get('users/:user_id/plan-history')
  @Describe({
    tag: 'Readers',
    summary: 'The plans that a user had, has and will have, oldest first.',
    description:
      'Each plan with the instants from which and until which it holds; null means from the beginning, or until further notice.',
    answers: { 200: json(page(PLAN_STRETCH)) },
  })
  @Roles('reader')
  planHistory(
    @Param() { user_id }: UserPath,
    @Query() { cursor, limit, as_of }: ListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new PlanHistory(user_id, cursor, limit, as_of), asking);
  }

  @Get('usage-logs/:id')
  @Describe({
    tag: 'Readers',
    summary: 'One usage log, explained.',
    description:
      'The log with the events, the rate card and the plan that it follows from, and each step from the duration to the cents.',
    answers: { 200: json(EXPLAINED_USAGE_LOG) },
  })
  @Roles('reader', { checksUser: true })
  log(
    @By() caller: Caller,
    @Param() { id }: UsageLogPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new OneUsageLog(id, onlyUserOf(caller), as_of), asking);
  }

  @Get('sessions/:session_id')
  @Describe({
    tag: 'Readers',
    summary: 'A session: attempts, logs, cost.',
    description:
      'What became of each attempt, what the session costs, and what the next attempt would be.',
    answers: { 200: json(SESSION) },
  })
  @Roles('reader', { checksUser: true })
  session(
    @By() caller: Caller,
    @Param() { session_id }: AnySessionPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new OneSession(session_id, onlyUserOf(caller), as_of), asking);
  }

  @Get('audit/pending')
  @Describe({
    tag: 'Finance',
    summary: 'What waits: pending and unrated attempts.',
    description:
      'Completed attempts that have no usage log yet, with their age and value at risk, so that no revenue is lost silently.',
    answers: { 200: json(page(WAITING)) },
  })
  @Roles('finance')
  pending(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Pending(cursor, limit, as_of), asking);
  }
}
