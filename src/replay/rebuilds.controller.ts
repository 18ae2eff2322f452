import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Json } from '../domain/events/facts';
import { pointerTo } from '../domain/pointer';
import { AtLeastParameters, PageParameters } from '../http/fields/parameters.dto';
import { readJson } from '../http/json-body';
import { Problem } from '../http/problem';
import { JobPath } from './bodies.dto';
import { answerJob } from '../jobs/job-stream';
import { Rebuilds } from './rebuilds';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { accepted, progressOf } from '../jobs/described';
import { REBUILD } from './replay.schemas';

/** Rebuilds: a job fills new read models beside those that the service answers from, then puts them in their place. */
@Controller('v1/audit/rebuilds')
export class RebuildsController {
  constructor(private readonly rebuilds: Rebuilds) {}

  @Post()
  @Describe({
    tag: 'Audit',
    summary:
      'Fill new read models beside the live ones, and switch to them. If a rebuild is running, the answer is that one.',
    description: 'The live read models keep serving until then. The request has no body.',
    answers: { 202: accepted(REBUILD) },
  })
  @Roles('finance', { isCostly: true })
  start(@By() caller: Caller, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    refuseWishes(readJson(request));
    const job = this.rebuilds.start(caller.id);
    void reply.status(202).header('location', `/v1/audit/rebuilds/${job.id}`).send(job.view());
  }

  @Get()
  @Describe({
    tag: 'Audit',
    summary: 'The rebuilds that are kept, newest first.',
    description: 'The last ones are kept. Only callers who requested a rebuild see it.',
    answers: { 200: json(page(REBUILD)) },
  })
  @Roles('finance')
  list(@By() caller: Caller, @Query() { cursor, limit }: PageParameters) {
    return this.rebuilds.list(caller.id, cursor, limit);
  }

  @Get(':id')
  @Describe({
    tag: 'Audit',
    summary: 'The progress of a rebuild.',
    description:
      'JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end.',
    answers: { 200: progressOf(REBUILD) },
  })
  @Roles('finance')
  one(
    @By() caller: Caller,
    @Param() { id }: JobPath,
    @Query() _: AtLeastParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    answerJob(this.rebuilds.get(id, caller.id), request, reply);
  }
}

/** A rebuild always covers everything, so there are no options. */
function refuseWishes(body: Json): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('invalid_field', 'The body must be a JSON object.', { pointer: '' });
  }
  const [field] = Object.keys(body);
  if (field === undefined) return;
  throw new Problem('unknown_field', 'A rebuild covers everything: send no body, or {}.', {
    pointer: pointerTo('', field),
  });
}
