import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { Optional } from '../http/fields/field';
import { ReadParameters } from '../http/fields/parameters.dto';
import { id, period } from '../http/fields/rules';
import { Bundles } from './bundles';
import { bundleFileName } from './file-name';
import { Roles } from '../security/http/access';
import { Describe } from '../http/openapi/describe';
import { text } from '../http/openapi/schema';

class BundleParameters extends ReadParameters {
  @Optional(period, 'A month; all if left out.')
  period?: string;

  @Optional(id, 'A user; all if left out.')
  user_id?: string;
}

/** `GET /v1/audit/bundle`: everything an auditor needs to check a bill elsewhere, without the service. */
@Controller('v1/audit/bundle')
export class BundleController {
  constructor(private readonly bundles: Bundles) {}

  @Get()
  @Describe({
    tag: 'Finance',
    summary: 'A streamed file for an auditor, with everything that a bill follows from.',
    description:
      "Events, cards, plans, signed root, proofs and totals, one JSON object per line. `check-bundle` derives every cent of it again without the service. In a user's bundle, proofs replace the events of others.",
    answers: {
      200: {
        description:
          'The bundle (docs/reference/bundle.md). If its last line is missing, it is incomplete.',
        content: { 'application/x-ndjson': text },
      },
    },
  })
  @Roles('finance', { isCostly: true })
  async bundle(
    @Query() { period, user_id, as_of }: BundleParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Asked() asking: Asking,
  ): Promise<void> {
    const scope = { period: period ?? null, user_id: user_id ?? null };
    const order = { ...scope, as_of: as_of ?? null };
    const { stream, position } = await this.bundles.start(order, asking.signal);
    asking.position = position;
    asking.isPast = as_of !== undefined;
    if (request.method === 'HEAD') stream.destroy();
    void reply
      .header('content-type', 'application/x-ndjson')
      .header('content-disposition', `attachment; filename="${bundleFileName(scope)}"`)
      .header('cache-control', 'no-store')
      .send(request.method === 'HEAD' ? '' : stream);
  }
}
