import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { readBody, readJson } from '../http/json-body';
import { Required } from '../http/fields/field';
import { UserPath } from '../http/fields/parameters.dto';
import { text } from '../http/fields/rules';
import { By, Roles } from '../security/http/access';
import type { Caller } from '../security/caller';
import { Eraser } from './erase-user';
import { Describe, json } from '../http/openapi/describe';
import { ERASURE } from './erasure.schemas';

const LONGEST_REASON = 1024;

class EraseBody {
  @Required(text(LONGEST_REASON), 'It stays in the ledger forever.')
  reason!: string;
}

/** The endpoint that makes a user's personal values unreadable for good. */
@Controller('v1/users')
export class ErasureController {
  constructor(private readonly eraser: Eraser) {}

  @Post(':user_id/erase')
  @Describe({
    tag: 'Keys',
    summary: "Make a user's personal values unreadable for good. Amounts and proofs remain valid.",
    description:
      "The personal values in the user's facts are sealed under a key, and that key is destroyed. Later facts are sealed under a new key.",
    body: EraseBody,
    answers: {
      200: json(ERASURE, 'The user was erased before, and no personal value was recorded since.'),
      201: json(ERASURE, 'Erased.'),
    },
  })
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
