import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../http/cursor';
import { PageParameters } from '../http/fields/parameters.dto';
import { readJson } from '../http/json-body';
import { Roles } from '../security/http/access';
import { HEAD } from '../security/keys/keys.controller';
import type { Webhook } from './webhook';
import { webhookView, WebhookAdministration } from './webhook-administration';
import { DeliveryListParameters, DeliveryPath, WebhookPath } from './webhook-body.dto';

/** Who is told what happens: webhooks, made by admins. */
@ApiExcludeController()
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhookAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Roles('admin')
  async list(@Query() { cursor, limit }: PageParameters) {
    const place = ({ createdAt, id }: Webhook) => placeInTime(createdAt, id);
    return pageByKey(await this.webhooks.list(), place, cursor, limit, webhookView);
  }

  @Post()
  @Roles('admin')
  async add(@Req() request: FastifyRequest) {
    const body = readJson(request);
    // Before there is a webhook: what fails now leaves none whose secret nobody was shown.
    const position = String(await this.head());
    return { ...(await this.webhooks.add(body)), position };
  }

  @Patch(':id')
  @Roles('admin')
  async change(@Param() { id }: WebhookPath, @Req() request: FastifyRequest) {
    return this.placed(await this.webhooks.change(id, readJson(request)));
  }

  @Delete(':id')
  @Roles('admin')
  @HttpCode(204)
  remove(@Param() { id }: WebhookPath): Promise<void> {
    return this.webhooks.remove(id);
  }

  @Post(':id/test')
  @Roles('admin')
  @HttpCode(200)
  async test(@Param() { id }: WebhookPath) {
    return this.placed(await this.webhooks.test(id));
  }

  @Post(':id/rotate-secret')
  @Roles('admin')
  @HttpCode(200)
  async rotate(@Param() { id }: WebhookPath) {
    return this.placed(await this.webhooks.rotate(id));
  }

  @Get(':id/deliveries')
  @Roles('admin')
  deliveries(
    @Param() { id }: WebhookPath,
    @Query() { status, cursor, limit }: DeliveryListParameters,
  ) {
    return this.webhooks.deliveries(id, status, cursor, limit);
  }

  @Post(':id/deliveries/:delivery_id/redeliver')
  @Roles('admin')
  @HttpCode(202)
  async redeliver(@Param() { id, delivery_id }: DeliveryPath) {
    return this.placed(await this.webhooks.redeliver(id, delivery_id));
  }

  private async placed(answer: object): Promise<object> {
    return { ...answer, position: String(await this.head()) };
  }
}
