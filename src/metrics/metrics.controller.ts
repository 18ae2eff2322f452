import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { isLoopback } from '../config/loopback';
import { Problem } from '../http/problem';
import { Public } from '../security/http/access';
import { Metrics } from './metrics';

const FROM_ELSEWHERE =
  'Metrics are only for this machine: read them at its loopback address, not through a proxy.';

/** The service's metrics, for this machine only. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  /** @throws Problem `forbidden` if the request comes from another machine or through a proxy. */
  @Get()
  @Public()
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isLocal(request)) throw new Problem('forbidden', FROM_ELSEWHERE);
    const text = await this.metrics.print();
    void reply.type(this.metrics.contentType).send(text);
  }
}

function isLocal({ ip, raw, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = raw.socket;
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  return [ip, remoteAddress].every((one) => isLoopback(one.replace(/^::ffff:/, '')));
}
