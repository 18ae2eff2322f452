import { Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { readBody, readIdempotencyKey, readJson } from '../http/json-body';
import { Answers, type Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { ListParameters, UserPath } from '../http/fields/parameters.dto';
import { PeriodPath, PlanPath, ReportParameters, SessionPath } from './parameters.dto';
import { UsageReport } from '../usage/report';
import { AdjustUsage } from './adjustments';
import { BillingPeriods, Plans, RateCards } from './billing-periods';
import { AdjustmentBody, AssignPlanBody, CloseBody, DefaultPlanBody, VoidBody } from './bodies.dto';
import { ClosePeriod } from './close-period';
import type { WriteAnswer } from '../ledger/ledger-writer';
import { AssignPlan, DefinePlan, SetDefaultPlan } from './plans';
import { PublishRateCard } from './rate-cards';
import { VoidSession } from './void-session';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, DescribeWrite, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { ADJUSTMENT, BILLING_PERIOD, CLOSE } from './period.schemas';
import { REPORT } from '../usage/usage.schemas';
import { ASSIGNED_PLAN, DEFAULT_PLAN, PLAN, RATE_CARD } from './price.schemas';
import { PLAN_BODY, RATE_CARD_BODY } from './price-bodies';
import { SESSION } from '../usage/log.schemas';

/**
 * Finance's endpoints: prices, plans, corrections, closes. Every write is an event, recorded once under its idempotency
 * key.
 */
@Controller('v1')
export class FinanceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Get('rate-cards')
  @Describe({
    tag: 'Finance',
    summary: 'All rate cards, in ledger order.',
    description:
      'The card in force at a moment is the one of the currency with the latest `effective_from` not after it.',
    answers: { 200: json(page(RATE_CARD)) },
  })
  @Roles('finance')
  rateCards(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new RateCards(cursor, limit, as_of), asking);
  }

  @Post('rate-cards')
  @DescribeWrite({
    summary: 'Publish a rate card.',
    description:
      'A card never changes; publish another one instead. It must not begin in the past, unless it is the first of its currency or changes no cost that was already derived.',
    body: { 'application/json': RATE_CARD_BODY },
    answer: RATE_CARD,
  })
  @Roles('finance')
  async publish(
    @By() { author }: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    answer(reply, await this.commands.execute(new PublishRateCard(author, readJson(request), key)));
  }

  @Get('plans')
  @Describe({
    tag: 'Finance',
    summary: 'All plans, by name.',
    description: 'Allowance and limits of each; null is no limit.',
    answers: { 200: json(page(PLAN)) },
  })
  @Roles('finance')
  plans(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Plans(cursor, limit, as_of), asking);
  }

  @Put('plans/:plan')
  @DescribeWrite({
    summary: 'Define a plan. It never changes.',
    description:
      'The same content again is 200, other content 409. A limit that is left out is no limit.',
    body: { 'application/json': PLAN_BODY },
    answer: PLAN,
    mayBeSo: true,
  })
  @Roles('finance')
  async define(
    @By() { author }: Caller,
    @Param() { plan }: PlanPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const command = new DefinePlan(plan, author, readJson(request), key);
    answer(reply, await this.commands.execute(command));
  }

  @Put('users/:user_id/plan')
  @DescribeWrite({
    summary: 'Assign a plan and a currency.',
    description:
      'The plan holds from `effective_from` on, the currency for the whole period that contains it. A currency changes only if the user has nothing in the periods concerned.',
    body: AssignPlanBody,
    answer: ASSIGNED_PLAN,
  })
  @Roles('finance')
  async assign(
    @By() { author }: Caller,
    @Param() { user_id }: UserPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const body = readJson(request);
    const choice = readBody(body, AssignPlanBody);
    answer(reply, await this.commands.execute(new AssignPlan(user_id, choice, author, body, key)));
  }

  @Put('default-plan')
  @DescribeWrite({
    summary: 'Set the plan of users without an assignment.',
    description: 'It holds from `effective_from` on for all users without an assignment.',
    body: DefaultPlanBody,
    answer: DEFAULT_PLAN,
  })
  @Roles('finance')
  async setDefault(
    @By() { author }: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const body = readJson(request);
    const choice = readBody(body, DefaultPlanBody);
    answer(reply, await this.commands.execute(new SetDefaultPlan(choice, author, body, key)));
  }

  @Post('adjustments')
  @DescribeWrite({
    summary: 'Credit or debit a user.',
    description:
      'A negative amount is a credit. Closed periods take none. To void an adjustment, send one of the opposite amount that names it in `voids`.',
    body: AdjustmentBody,
    answer: ADJUSTMENT,
  })
  @Roles('finance')
  async adjust(
    @By() { author }: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const body = readJson(request);
    const order = readBody(body, AdjustmentBody);
    answer(reply, await this.commands.execute(new AdjustUsage(order, author, body, key)));
  }

  @Post('sessions/:session_id/void')
  @DescribeWrite({
    summary: 'Void a session whose facts are wrong.',
    description:
      'Its facts so far stay in the ledger but no longer count. Then send the right facts under new ids.',
    body: VoidBody,
    answer: SESSION,
  })
  @Roles('finance')
  async void(
    @By() { author }: Caller,
    @Param() { session_id }: SessionPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const body = readJson(request);
    const { reason } = readBody(body, VoidBody);
    const command = new VoidSession(session_id, reason, author, body, key);
    answer(reply, await this.commands.execute(command));
  }

  @Get('billing-periods')
  @Describe({
    tag: 'Finance',
    summary: 'Closed periods and those with usage.',
    description: 'Oldest first, with the totals and the root of those that are closed.',
    answers: { 200: json(page(BILLING_PERIOD)) },
  })
  @Roles('finance')
  periods(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new BillingPeriods(cursor, limit, as_of), asking);
  }

  @Post('billing-periods/:period/close')
  @DescribeWrite({
    summary: 'Close a month that is over.',
    description:
      'Nothing that arrives later changes a number of a closed period. The close is refused while attempts wait, unless `force` is true. Closing again returns the first close.',
    body: CloseBody,
    answer: CLOSE,
    mayBeSo: true,
  })
  @Roles('finance')
  async close(
    @By() { author }: Caller,
    @Param() { period }: PeriodPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readIdempotencyKey(request);
    const body = readJson(request);
    const { force } = readBody(body, CloseBody);
    const command = new ClosePeriod(period, force === true, author, body, key);
    answer(reply, await this.commands.execute(command));
  }

  @Get('reports/usage')
  @Describe({
    tag: 'Finance',
    summary: "A month's usage over all users.",
    description:
      'Totals per currency, then the same by plan, provider and day, and the users who pay most.',
    answers: { 200: json(REPORT) },
  })
  @Roles('finance', { isCostly: true })
  report(@Query() { period, as_of }: ReportParameters, @Asked() asking: Asking) {
    return this.answers.ask(new UsageReport(period, as_of), asking);
  }
}

function answer(reply: FastifyReply, { status, body }: WriteAnswer): void {
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
