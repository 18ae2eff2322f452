import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { component } from '../http/openapi/components';
import { readBody, readJson } from '../http/json-body';
import { bodySchema, Required } from '../http/fields/field';
import { UserPath } from '../http/fields/parameters.dto';
import { text } from '../http/fields/rules';
import { By, Roles } from '../security/http/access';
import type { Caller } from '../security/caller';
import { Eraser } from './erase-user';

const LONGEST_REASON = 1024;

class EraseBody {
  @Required(text(LONGEST_REASON), 'It stays in the ledger for ever.')
  reason!: string;
}

component(EraseBody.name, bodySchema(EraseBody));

/** Personal values of a user, made unreadable for good. */
@ApiExcludeController()
@Controller('v1/users')
export class ErasureController {
  constructor(private readonly eraser: Eraser) {}

  @Post(':user_id/erase')
  @Roles('admin')
  async erase(
    @By() { author }: Caller,
    @Param() { user_id }: UserPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { reason } = readBody(readJson(request), EraseBody);
    const { status, body } = await this.eraser.erase({ userId: user_id, reason, author });
    void reply.code(status).send(body);
  }
}
