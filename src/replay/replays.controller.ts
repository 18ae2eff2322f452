import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AtLeastParameters, PageParameters } from '../http/fields/parameters.dto';
import { readBody, readJson } from '../http/json-body';
import { AuditJobs } from './audit-jobs';
import { JobPath, ReplayBody } from './bodies.dto';
import { answerJob } from '../jobs/job-stream';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';

/** Replays: the read models again, from the events, beside what the service answers from. */
@ApiExcludeController()
@Controller('v1/audit/replays')
export class ReplaysController {
  constructor(private readonly jobs: AuditJobs) {}

  @Post()
  @Roles('finance', { isCostly: true })
  async start(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = readBody(readJson(request), ReplayBody);
    const job = await this.jobs.startReplay(body, caller.id);
    void reply.status(202).header('location', `/v1/audit/replays/${job.id}`).send(job.view());
  }

  @Get()
  @Roles('finance')
  list(@By() caller: Caller, @Query() { cursor, limit }: PageParameters) {
    return this.jobs.listReplays(caller.id, cursor, limit);
  }

  @Get(':id')
  @Roles('finance')
  one(
    @By() caller: Caller,
    @Param() { id }: JobPath,
    @Query() _: AtLeastParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    answerJob(this.jobs.replay(id, caller.id), request, reply);
  }
}
