import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../../http/cursor';
import { PageParameters } from '../../http/fields/parameters.dto';
import { readJson } from '../../http/json-body';
import { Roles } from '../http/access';
import type { ApiKey } from './api-keys';
import { KeyAdministration } from './key-administration';
import { KeyPath, KeyBody } from './key-body.dto';
import { keyView } from './new-key';
import { Describe, json, nothing } from '../../http/openapi/describe';
import { page } from '../../http/openapi/schema';
import { KEY, NEW_KEY } from './key.schemas';

/** Provides a function that returns the position of the ledger's last event, which every answer to a write carries. */
export const HEAD = Symbol('HEAD');

/** The endpoints for API keys, which admins make and revoke. */
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly keys: KeyAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Describe({
    tag: 'Keys',
    summary: 'All API keys, oldest first, without their secrets.',
    description: 'Each with the day on which it was last used, and when it was revoked.',
    answers: { 200: json(page(KEY)) },
  })
  @Roles('admin')
  async list(@Query() { cursor, limit }: PageParameters) {
    const all = await this.keys.list();
    const place = ({ createdAt, id }: ApiKey) => placeInTime(createdAt, id);
    return pageByKey(all, place, cursor, limit, keyView);
  }

  @Post()
  @Describe({
    tag: 'Keys',
    summary: 'Make an API key. The answer is the only one that shows it.',
    description:
      'Keep the answer: the service stores a hash. `source` binds a producer, `user_id` a reader.',
    body: KeyBody,
    answers: { 201: json(NEW_KEY, 'Made.') },
  })
  @Roles('admin')
  async add(@Req() request: FastifyRequest) {
    const body = readJson(request);
    // Read the position before making the key. If that fails, there must be no key that nobody was shown.
    const position = String(await this.head());
    return { ...(await this.keys.add(body)), position };
  }

  @Delete(':id')
  @Describe({
    tag: 'Keys',
    summary: 'Revoke an API key: it is refused everywhere within two seconds.',
    description: "The last usable admin key can't be revoked (409).",
    answers: {
      204: nothing('The key is revoked. The header minutebook-position has the position.'),
    },
  })
  @Roles('admin')
  @HttpCode(204)
  revoke(@Param() { id }: KeyPath): Promise<void> {
    return this.keys.revoke(id);
  }
}
