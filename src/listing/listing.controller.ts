import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Roles } from '../security/http/access';
import { Answers, type Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { ListParameters } from '../http/fields/parameters.dto';
import { Adjustments } from './adjustments';
import { LogsOfAll } from './logs';
import {
  AdjustmentListParameters,
  SummaryListParameters,
  SearchParameters,
} from './parameters.dto';
import { Sessions } from './sessions';
import { PeriodSummaries } from './summaries';
import { Users } from './users';
import { Writes } from './writes';

/** Lists over all users. */
@ApiExcludeController()
@Controller('v1')
export class ListingController {
  constructor(private readonly answers: Answers) {}

  @Get('users')
  @Roles('finance')
  users(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Users(search, cursor, limit, as_of), asking);
  }

  @Get('sessions')
  @Roles('finance')
  sessions(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Sessions(search, cursor, limit, as_of), asking);
  }

  @Get('usage-logs')
  @Roles('finance')
  logs(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new LogsOfAll(search, cursor, limit, as_of), asking);
  }

  @Get('usage-summaries')
  @Roles('finance')
  summaries(
    @Query() { period, cursor, limit, as_of }: SummaryListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new PeriodSummaries(period, cursor, limit, as_of), asking);
  }

  @Get('adjustments')
  @Roles('finance')
  adjustments(
    @Query() { user_id, period, cursor, limit, as_of }: AdjustmentListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new Adjustments(user_id, period, cursor, limit, as_of), asking);
  }

  @Get('audit/writes')
  @Roles('finance')
  writes(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Writes(cursor, limit, as_of), asking);
  }
}
