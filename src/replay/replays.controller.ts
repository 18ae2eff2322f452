import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AtLeastParameters, PageParameters } from '../http/fields/parameters.dto';
import { readBody, readJson } from '../http/json-body';
import { AuditJobs } from './audit-jobs';
import { JobPath, ReplayBody } from './bodies.dto';
import { answerJob } from '../jobs/job-stream';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { REPLAY } from './replay.schemas';
import { accepted, progressOf } from '../jobs/described';

/** Replays: the service derives its read models again from the events and compares them with the live ones. */
@Controller('v1/audit/replays')
export class ReplaysController {
  constructor(private readonly jobs: AuditJobs) {}

  @Post()
  @Describe({
    tag: 'Audit',
    summary: 'Replay the ledger and compare it with the live read model.',
    description: 'Reads all events again, and compares each row that follows with the live one.',
    body: ReplayBody,
    isBodyOptional: true,
    answers: { 202: accepted(REPLAY) },
  })
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
  @Describe({
    tag: 'Audit',
    summary: 'The replays that are kept, newest first.',
    description: 'The last ones are kept. Only the caller who requested a replay sees it.',
    answers: { 200: json(page(REPLAY)) },
  })
  @Roles('finance')
  list(@By() caller: Caller, @Query() { cursor, limit }: PageParameters) {
    return this.jobs.listReplays(caller.id, cursor, limit);
  }

  @Get(':id')
  @Describe({
    tag: 'Audit',
    summary: 'The progress of a replay, and what differs.',
    description:
      'JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end.',
    answers: { 200: progressOf(REPLAY) },
  })
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
