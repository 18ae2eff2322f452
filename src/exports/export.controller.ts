import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { ExportParameters } from './export.dto';
import { Exports } from './exports';
import { exportFileName, formatOf } from './formats';
import { Roles } from '../security/http/access';

/** `GET /v1/audit/export`: a period as a file, for books elsewhere. */
@ApiExcludeController()
@Controller('v1/audit/export')
export class ExportController {
  constructor(private readonly exports: Exports) {}

  @Get()
  @Roles('finance', { isCostly: true })
  async export(
    @Query() { period, format, as_of: asOf }: ExportParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Asked() asking: Asking,
  ): Promise<void> {
    const { stream, position } = await this.exports.start({ period, format, asOf }, asking.signal);
    asking.position = position;
    asking.isPast = asOf !== undefined;
    if (request.method === 'HEAD') stream.destroy();
    void reply
      .header('content-type', formatOf(format).mediaType)
      .header('content-disposition', `attachment; filename="${exportFileName(period, format)}"`)
      .header('cache-control', 'no-store')
      .send(request.method === 'HEAD' ? Readable.from([]) : stream);
  }
}
