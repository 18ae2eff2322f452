import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { entityTag, isKnown } from '../../http/entity-tag';
import type { Asking } from '../../snapshots/answers';
import { Asked } from '../../usage/asking';
import { Roles } from '../../security/http/access';
import { AtLeastParameters } from '../../http/fields/parameters.dto';
import { Checkpoints } from './checkpoints';
import { Describe, nothing } from '../../http/openapi/describe';
import { text } from '../../http/openapi/schema';

/** A route that the configuration can make public. */
export const CHECKPOINT_ROUTE = '/v1/audit/checkpoint';

/** How many seconds caches may keep the answer. A new root is normally signed once a minute at most. */
const KEPT_S = 10;

/**
 * The newest signed root as a C2SP checkpoint, in the form that witnesses and auditors read
 * (docs/how-to/publish-roots.md).
 */
@Controller('v1/audit')
export class CheckpointController {
  constructor(@Inject(Checkpoints) private readonly checkpoints: Checkpoints) {}

  @Get('checkpoint')
  @Describe({
    tag: 'Audit',
    summary: 'The newest signed root, with its cosignatures.',
    description: 'A C2SP checkpoint. For everybody if `PUBLIC_CHECKPOINT` is `true`.',
    answers: {
      200: { description: 'The signed note. `ETag` names it.', content: { 'text/plain': text } },
      304: nothing('The newest root is still the one that `If-None-Match` names.'),
    },
  })
  @Roles('finance')
  async newest(
    @Query() _: AtLeastParameters,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
    @Asked() asking: Asking,
  ): Promise<void> {
    const { note, position } = await this.checkpoints.newest();
    asking.position = position;
    const tag = entityTag(note);
    const caches = this.checkpoints.isPublic ? `public, max-age=${KEPT_S}` : 'private, no-cache';
    void reply.header('etag', tag).header('cache-control', caches);
    if (isKnown(headers['if-none-match'], tag)) void reply.status(304).send();
    else void reply.type('text/plain; charset=utf-8').send(note);
  }
}
