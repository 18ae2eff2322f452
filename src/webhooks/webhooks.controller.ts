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
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../http/cursor';
import { PageParameters } from '../http/fields/parameters.dto';
import { readJson } from '../http/json-body';
import { Roles } from '../security/http/access';
import { HEAD } from '../security/keys/keys.controller';
import type { Webhook } from './webhook';
import { webhookView, WebhookAdministration } from './webhook-administration';
import {
  DeliveryListParameters,
  DeliveryPath,
  WebhookPath,
  WebhookBody,
  WebhookChange,
} from './webhook-body.dto';
import { Describe, json, nothing } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import {
  CHANGED_WEBHOOK,
  DELIVERY,
  DELIVERY_AGAIN,
  NEW_WEBHOOK,
  ROTATED_WEBHOOK,
  WEBHOOK,
  WEBHOOK_TEST,
} from './webhook.schemas';

/** The endpoints for webhooks, which admins manage. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhookAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Describe({
    tag: 'Webhooks',
    summary: 'All webhooks, oldest first, without their secrets.',
    description: 'Who is notified, and of what.',
    answers: { 200: json(page(WEBHOOK)) },
  })
  @Roles('admin')
  async list(@Query() { cursor, limit }: PageParameters) {
    const place = ({ createdAt, id }: Webhook) => placeInTime(createdAt, id);
    return pageByKey(await this.webhooks.list(), place, cursor, limit, webhookView);
  }

  @Post()
  @Describe({
    tag: 'Webhooks',
    summary: 'Make a webhook. The answer is the only one that shows its secret.',
    description:
      'Deliveries are CloudEvents, signed as Standard Webhooks says. The URL must be https and must not lead to a private address.',
    body: WebhookBody,
    answers: { 201: json(NEW_WEBHOOK, 'Made.') },
  })
  @Roles('admin')
  async add(@Req() request: FastifyRequest) {
    const body = readJson(request);
    // Read the position before making the webhook. If that fails, there must be no webhook whose secret nobody was
    // shown.
    const position = String(await this.head());
    return { ...(await this.webhooks.add(body)), position };
  }

  @Patch(':id')
  @Describe({
    tag: 'Webhooks',
    summary: 'Change a webhook.',
    description: 'Fields that are left out stay as they are.',
    body: WebhookChange,
    answers: { 200: json(CHANGED_WEBHOOK) },
  })
  @Roles('admin')
  async change(@Param() { id }: WebhookPath, @Req() request: FastifyRequest) {
    return this.placed(await this.webhooks.change(id, readJson(request)));
  }

  @Delete(':id')
  @Describe({
    tag: 'Webhooks',
    summary: 'Delete a webhook, and what was to be sent to it.',
    description: 'Its waiting deliveries are not sent.',
    answers: {
      204: nothing('The webhook is deleted. The header minutebook-position has the position.'),
    },
  })
  @Roles('admin')
  @HttpCode(204)
  remove(@Param() { id }: WebhookPath): Promise<void> {
    return this.webhooks.remove(id);
  }

  @Post(':id/test')
  @Describe({
    tag: 'Webhooks',
    summary: 'Send a `minutebook.test` now, and return what the receiver answered.',
    description: 'It tries once. What the receiver answers is cut at 4 KiB.',
    answers: { 200: json(WEBHOOK_TEST) },
  })
  @Roles('admin')
  @HttpCode(200)
  async test(@Param() { id }: WebhookPath) {
    return this.placed(await this.webhooks.test(id));
  }

  @Post(':id/rotate-secret')
  @Describe({
    tag: 'Webhooks',
    summary: 'Make a new secret; the old one signs beside it for 24 hours.',
    description: 'Keep the answer: no other one shows the secret.',
    answers: { 200: json(ROTATED_WEBHOOK) },
  })
  @Roles('admin')
  @HttpCode(200)
  async rotate(@Param() { id }: WebhookPath) {
    return this.placed(await this.webhooks.rotate(id));
  }

  @Get(':id/deliveries')
  @Describe({
    tag: 'Webhooks',
    summary: "A webhook's past and waiting deliveries, newest first; kept for 30 days.",
    description: 'With the last status or error, and the time of the next try.',
    answers: { 200: json(page(DELIVERY)) },
  })
  @Roles('admin')
  deliveries(
    @Param() { id }: WebhookPath,
    @Query() { status, cursor, limit }: DeliveryListParameters,
  ) {
    return this.webhooks.deliveries(id, status, cursor, limit);
  }

  @Post(':id/deliveries/:delivery_id/redeliver')
  @Describe({
    tag: 'Webhooks',
    summary: 'Send a delivery again now, whatever became of it.',
    description: 'With the same `webhook-id`, so that the receiver recognises it.',
    answers: { 202: json(DELIVERY_AGAIN, 'The delivery is queued.') },
  })
  @Roles('admin')
  @HttpCode(202)
  async redeliver(@Param() { id, delivery_id }: DeliveryPath) {
    return this.placed(await this.webhooks.redeliver(id, delivery_id));
  }

  private async placed(answer: object): Promise<object> {
    return { ...answer, position: String(await this.head()) };
  }
}
