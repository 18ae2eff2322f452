import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { pageByKey, placeInTime } from '../../http/cursor';
import { PageParameters } from '../../http/fields/parameters.dto';
import { readJson } from '../../http/json-body';
import { Roles } from '../http/access';
import type { ApiKey } from './api-keys';
import { KeyAdministration } from './key-administration';
import { KeyPath } from './key-body.dto';
import { keyView } from './new-key';

/** The position of the ledger's last event, which every answer to a write carries. */
export const HEAD = Symbol('HEAD');

/** Who may come in: API keys, made and revoked by admins. */
@ApiExcludeController()
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly keys: KeyAdministration,
    @Inject(HEAD) private readonly head: () => Promise<number>,
  ) {}

  @Get()
  @Roles('admin')
  async list(@Query() { cursor, limit }: PageParameters) {
    const all = await this.keys.list();
    const place = ({ createdAt, id }: ApiKey) => placeInTime(createdAt, id);
    return pageByKey(all, place, cursor, limit, keyView);
  }

  @Post()
  @Roles('admin')
  async add(@Req() request: FastifyRequest) {
    const body = readJson(request);
    // Before there is a key: what fails now leaves none that nobody was shown.
    const position = String(await this.head());
    return { ...(await this.keys.add(body)), position };
  }

  @Delete(':id')
  @Roles('admin')
  @HttpCode(204)
  revoke(@Param() { id }: KeyPath): Promise<void> {
    return this.keys.revoke(id);
  }
}
