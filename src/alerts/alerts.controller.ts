import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../http/cursor';
import { PageParameters } from '../http/fields/parameters.dto';
import { readJson } from '../http/json-body';
import { Roles } from '../security/http/access';
import { HEAD } from '../security/keys/keys.controller';
import { alertView, type Alert } from './alert';
import { AlertAdministration } from './alert-administration';
import { AlertPath, AlertBody } from './alert-body.dto';
import { Describe, json, nothing } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { ALERT, NEW_ALERT } from './alert.schemas';

/** The endpoints for alerts. */
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Describe({
    tag: 'Finance',
    summary: 'All alerts, oldest first.',
    description: 'A webhook reports when an alert is reached.',
    answers: { 200: json(page(ALERT)) },
  })
  @Roles('finance')
  async list(@Query() { cursor, limit }: PageParameters) {
    const place = ({ created_at, id }: Alert) => placeInTime(created_at, id);
    return pageByKey(await this.alerts.list(), place, cursor, limit, alertView);
  }

  @Post()
  @Describe({
    tag: 'Finance',
    summary:
      'Make an alert. It is reached once for each user and period, and at once if the value is already above it.',
    description:
      'Give `threshold` or `share_of_limit`. Without `user_id` it watches each user, or all of them together, as the metric says.',
    body: AlertBody,
    answers: { 201: json(NEW_ALERT, 'Made.') },
  })
  @Roles('finance')
  async add(@Req() request: FastifyRequest) {
    const alert = await this.alerts.add(readJson(request));
    return { ...alert, position: String(await this.head()) };
  }

  @Delete(':id')
  @Describe({
    tag: 'Finance',
    summary: 'Delete an alert.',
    description: 'It will not be reached again.',
    answers: {
      204: nothing('The alert is deleted. The header minutebook-position has the position.'),
    },
  })
  @Roles('finance')
  @HttpCode(204)
  remove(@Param() { id }: AlertPath): Promise<void> {
    return this.alerts.remove(id);
  }
}
