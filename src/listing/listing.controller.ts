import { Controller, Get, Query } from '@nestjs/common';

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
import { Describe, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { SUMMARY } from '../usage/usage.schemas';
import {
  LISTED_ADJUSTMENT,
  LISTED_SESSION,
  LISTED_USAGE_LOG,
  USER,
  WRITTEN,
} from './listing.schemas';

/** Lists over all users. */
@Controller('v1')
export class ListingController {
  constructor(private readonly answers: Answers) {}

  @Get('users')
  @Describe({
    tag: 'Finance',
    summary: 'The users with a log, a failure or an adjustment in any period, by id.',
    description: 'Reads an index: as fast on a large ledger as on a small one.',
    answers: { 200: json(page(USER)) },
  })
  @Roles('finance')
  users(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Users(search, cursor, limit, as_of), asking);
  }

  @Get('sessions')
  @Describe({
    tag: 'Finance',
    summary: 'Sessions of all users, by id.',
    description: 'How many attempts each session had, and the status of the last one.',
    answers: { 200: json(page(LISTED_SESSION)) },
  })
  @Roles('finance')
  sessions(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Sessions(search, cursor, limit, as_of), asking);
  }

  @Get('usage-logs')
  @Describe({
    tag: 'Finance',
    summary: 'Usage logs of all users, by id, without what they cost.',
    description: '`GET /v1/usage-logs/{id}` says what a log costs.',
    answers: { 200: json(page(LISTED_USAGE_LOG)) },
  })
  @Roles('finance')
  logs(@Query() { search, cursor, limit, as_of }: SearchParameters, @Asked() asking: Asking) {
    return this.answers.ask(new LogsOfAll(search, cursor, limit, as_of), asking);
  }

  @Get('usage-summaries')
  @Describe({
    tag: 'Finance',
    summary:
      'The summaries of all users for a month, by user and currency. Those of a currency add up to its totals.',
    description: 'One for each user and currency with something in the month.',
    answers: { 200: json(page(SUMMARY)) },
  })
  @Roles('finance')
  summaries(
    @Query() { period, cursor, limit, as_of }: SummaryListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new PeriodSummaries(period, cursor, limit, as_of), asking);
  }

  @Get('adjustments')
  @Describe({
    tag: 'Finance',
    summary: 'Adjustments, newest first.',
    description: 'Each with the period in which it counts, and the adjustment that voids it.',
    answers: { 200: json(page(LISTED_ADJUSTMENT)) },
  })
  @Roles('finance')
  adjustments(
    @Query() { user_id, period, cursor, limit, as_of }: AdjustmentListParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new Adjustments(user_id, period, cursor, limit, as_of), asking);
  }

  @Get('audit/writes')
  @Describe({
    tag: 'Finance',
    summary: 'What finance wrote, newest first: who, when, what and why.',
    description: 'Prices, plans, adjustments, voids and closes.',
    answers: { 200: json(page(WRITTEN)) },
  })
  @Roles('finance')
  writes(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Writes(cursor, limit, as_of), asking);
  }
}
