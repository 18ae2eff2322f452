import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { ExportParameters } from './export.dto';
import { Exports } from './exports';
import { EXPORT_MEDIA_TYPES, exportFileName, formatOf } from './formats';
import { Roles } from '../security/http/access';
import { Describe } from '../http/openapi/describe';
import { text } from '../http/openapi/schema';

/** `GET /v1/audit/export`: a period as a file, for use in other books. */
@Controller('v1/audit/export')
export class ExportController {
  constructor(private readonly exports: Exports) {}

  @Get()
  @Describe({
    tag: 'Finance',
    summary: 'A period as a streamed file: every log and adjustment that counts in it.',
    description:
      'Every format adds up to the summaries. At most four run at once. Logs are in statement order, then adjustments.',
    answers: {
      200: {
        description:
          'The file. The header minutebook-position has its position in the ledger. An answer that breaks off is not complete.',
        content: Object.fromEntries(EXPORT_MEDIA_TYPES.map((type) => [type, text])),
      },
    },
  })
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
