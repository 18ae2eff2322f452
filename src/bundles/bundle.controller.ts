import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { ID, PERIOD, ReadParameters, WHAT_IS_A_PERIOD } from '../usage/parameters.dto';
import { Bundles } from './bundles';
import { bundleFileName } from './file-name';
import { Roles } from '../security/http/access';

class BundleParameters extends ReadParameters {
  @IsOptional()
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period?: string;

  @IsOptional()
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string;
}

/** `GET /v1/audit/bundle`: what an auditor needs to check a bill elsewhere, without us. */
@ApiExcludeController()
@Controller('v1/audit/bundle')
export class BundleController {
  constructor(private readonly bundles: Bundles) {}

  @Get()
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
