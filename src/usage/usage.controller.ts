import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

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

/** What readers ask: every answer is of one snapshot of the read model. */
@ApiExcludeController()
@Controller('v1')
export class UsageController {
  constructor(private readonly answers: Answers) {}

  @Get('users/:user_id/usage-summary')
  @Roles('reader')
  summary(
    @Param() { user_id }: UserPath,
    @Query() { period, currency, as_of }: SummaryParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UsageSummary(user_id, period, currency, as_of), asking);
  }

  @Get('users/:user_id/usage-history')
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
  @Roles('reader')
  trend(@Param() { user_id }: UserPath, @Query() asked: TrendParameters, @Asked() asking: Asking) {
    const [from, to] = [parseInstant(asked.from)!, parseInstant(asked.to)!];
    if (to <= from) {
      throw new Problem('invalid_parameter', 'to must lie after from.', { pointer: '/to' });
    }
    const { group_by, currency, as_of } = asked;
    return this.answers.ask(new UsageTrend(user_id, from, to, group_by, currency, as_of), asking);
  }

  @Get('users/:user_id/entitlement')
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
  @Roles('reader')
  totals(
    @Param() { user_id }: UserPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UsageTotals(user_id, as_of), asking);
  }

  @Get('users/:user_id/plan')
  @Roles('reader')
  plan(
    @Param() { user_id }: UserPath,
    @Query() { as_of }: ReadParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new UserPlan(user_id, as_of), asking);
  }

  @Get('users/:user_id/plan-history')
  @Roles('reader')
  planHistory(
    @Param() { user_id }: UserPath,
    @Query() { cursor, limit, as_of }: ListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new PlanHistory(user_id, cursor, limit, as_of), asking);
  }

  @Get('usage-logs/:id')
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
  @Roles('finance')
  pending(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Pending(cursor, limit, as_of), asking);
  }
}
