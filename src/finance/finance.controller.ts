import { Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
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

/** Finance's endpoints: prices, plans, corrections, month ends. Every write is an event, recorded once under its key. */
@ApiExcludeController()
@Controller('v1')
export class FinanceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Get('rate-cards')
  @Roles('finance')
  rateCards(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new RateCards(cursor, limit, as_of), asking);
  }

  @Post('rate-cards')
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
  @Roles('finance')
  plans(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new Plans(cursor, limit, as_of), asking);
  }

  @Put('plans/:plan')
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
  @Roles('finance')
  periods(@Query() { cursor, limit, as_of }: ListParameters, @Asked() asking: Asking) {
    return this.answers.ask(new BillingPeriods(cursor, limit, as_of), asking);
  }

  @Post('billing-periods/:period/close')
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
  @Roles('finance', { isCostly: true })
  report(@Query() { period, as_of }: ReportParameters, @Asked() asking: Asking) {
    return this.answers.ask(new UsageReport(period, as_of), asking);
  }
}

function answer(reply: FastifyReply, { status, body }: WriteAnswer): void {
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
