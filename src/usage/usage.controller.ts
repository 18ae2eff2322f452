import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';

import { parseInstant } from '../domain/time';
import { Problem } from '../http/problem';
import { Entitlement } from './entitlement';
import {
  EntitlementParameters,
  HistoryParameters,
  ListParameters,
  LogListParameters,
  ReadParameters,
  SummaryParameters,
  TrendParameters,
  UserPath,
} from './parameters.dto';
import { Pending } from './pending';
import { OneSession, OneUsageLog, UsageLogs } from './usage-logs';
import { UsageHistory, UsageSummary } from './usage-summary';
import { UsageTrend } from './usage-trend';
import { onlyUserOf, type Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';

/** What readers ask: every answer is of one snapshot of the read model. */
@ApiExcludeController()
@Controller('v1')
export class UsageController {
  constructor(private readonly queries: QueryBus) {}

  @Get('users/:user_id/usage-summary')
  @Roles('reader')
  summary(@Param() { user_id }: UserPath, @Query() { period, currency, as_of }: SummaryParameters) {
    return this.queries.execute(new UsageSummary(user_id, period, currency, as_of));
  }

  @Get('users/:user_id/usage-history')
  @Roles('reader')
  async history(
    @Param() { user_id }: UserPath,
    @Query() { months, currency, as_of }: HistoryParameters,
  ) {
    const items = await this.queries.execute(new UsageHistory(user_id, months, currency, as_of));
    return { items, next_cursor: null };
  }

  @Get('users/:user_id/usage-trend')
  @Roles('reader')
  trend(@Param() { user_id }: UserPath, @Query() asked: TrendParameters) {
    const [from, to] = [parseInstant(asked.from)!, parseInstant(asked.to)!];
    if (to <= from) {
      throw new Problem('invalid_parameter', 'to must lie after from.', { pointer: '/to' });
    }
    return this.queries.execute(
      new UsageTrend(user_id, from, to, asked.group_by, asked.currency, asked.as_of),
    );
  }

  @Get('users/:user_id/entitlement')
  @Roles('reader')
  entitlement(@Param() { user_id }: UserPath, @Query() asked: EntitlementParameters) {
    const { minutes, file_size_bytes: fileSizeBytes, export_format: exportFormat } = asked;
    return this.queries.execute(
      new Entitlement(user_id, { minutes, fileSizeBytes, exportFormat }, asked.as_of),
    );
  }

  @Get('users/:user_id/usage-logs')
  @Roles('reader')
  logs(@Param() { user_id }: UserPath, @Query() asked: LogListParameters) {
    const filter = {
      period: asked.period,
      provider: asked.provider?.toLowerCase(),
      transcriptionType: asked.transcription_type,
    };
    return this.queries.execute(
      new UsageLogs(user_id, filter, asked.cursor, asked.limit, asked.as_of),
    );
  }

  @Get('usage-logs/:id')
  @Roles('reader', { checksUser: true })
  log(@By() caller: Caller, @Param('id') id: string, @Query() { as_of }: ReadParameters) {
    return this.queries.execute(new OneUsageLog(id, onlyUserOf(caller), as_of));
  }

  @Get('sessions/:session_id')
  @Roles('reader', { checksUser: true })
  session(
    @By() caller: Caller,
    @Param('session_id') sessionId: string,
    @Query() { as_of }: ReadParameters,
  ) {
    return this.queries.execute(new OneSession(sessionId, onlyUserOf(caller), as_of));
  }

  @Get('audit/pending')
  @Roles('finance')
  pending(@Query() { cursor, limit, as_of }: ListParameters) {
    return this.queries.execute(new Pending(cursor, limit, as_of));
  }
}
