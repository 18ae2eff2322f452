import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../http/cursor';
import { PageParameters } from '../http/fields/parameters.dto';
import { readJson } from '../http/json-body';
import { Roles } from '../security/http/access';
import { HEAD } from '../security/keys/keys.controller';
import { alertView, type Alert } from './alert';
import { AlertAdministration } from './alert-administration';
import { AlertPath } from './alert-body.dto';

/** Alerts: what finance wants to hear about in time. */
@ApiExcludeController()
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Roles('finance')
  async list(@Query() { cursor, limit }: PageParameters) {
    const place = ({ created_at, id }: Alert) => placeInTime(created_at, id);
    return pageByKey(await this.alerts.list(), place, cursor, limit, alertView);
  }

  @Post()
  @Roles('finance')
  async add(@Req() request: FastifyRequest) {
    const alert = await this.alerts.add(readJson(request));
    return { ...alert, position: String(await this.head()) };
  }

  @Delete(':id')
  @Roles('finance')
  @HttpCode(204)
  remove(@Param() { id }: AlertPath): Promise<void> {
    return this.alerts.remove(id);
  }
}
