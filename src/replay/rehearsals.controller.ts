import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { PageParameters } from '../http/fields/parameters.dto';
import { readBody, readJson } from '../http/json-body';
import { Problem } from '../http/problem';
import { AuditJobs, type RehearsalOutcome } from './audit-jobs';
import { JobPath, RehearsalBody, RehearsalParameters } from './bodies.dto';
import { csvOf } from '../http/csv';
import { streamJob, wantsEvents } from '../jobs/job-stream';
import type { Job } from '../jobs/jobs';
import { ITEM_COLUMNS } from './rehearsal-items';
import { readPlace, writePlace } from './item-cursor';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { page, text } from '../http/openapi/schema';
import { accepted, progressOf } from '../jobs/described';
import { REHEARSAL, REHEARSAL_PAGE } from './replay.schemas';

/** Rehearsals: what users would have paid under draft cards or plans. */
@Controller('v1/audit/rehearsals')
export class RehearsalsController {
  constructor(private readonly jobs: AuditJobs) {}

  @Post()
  @Describe({
    tag: 'Audit',
    summary: 'Replay under draft cards or plans: what each user would have paid.',
    description: 'It writes nothing to the ledger.',
    body: RehearsalBody,
    answers: { 202: accepted(REHEARSAL) },
  })
  @Roles('finance', { isCostly: true })
  async start(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = readBody(readJson(request), RehearsalBody);
    const job = await this.jobs.startRehearsal(body, caller.id);
    void reply.status(202).header('location', `/v1/audit/rehearsals/${job.id}`).send(job.view());
  }

  @Get()
  @Describe({
    tag: 'Audit',
    summary: 'The rehearsals that are kept, newest first.',
    description: 'The last ones are kept. Only the caller who requested a rehearsal sees it.',
    answers: { 200: json(page(REHEARSAL)) },
  })
  @Roles('finance')
  list(@By() caller: Caller, @Query() { cursor, limit }: PageParameters) {
    return this.jobs.listRehearsals(caller.id, cursor, limit);
  }

  @Get(':id')
  @Describe({
    tag: 'Audit',
    summary: 'The progress of a rehearsal, and what each user paid and would have paid.',
    description:
      'JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end. The items are also there as CSV.',
    answers: { 200: progressOf(REHEARSAL_PAGE, { 'text/csv': text }) },
  })
  @Roles('finance')
  async one(
    @By() caller: Caller,
    @Param() { id }: JobPath,
    @Query() { cursor, limit, format }: RehearsalParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const job = this.jobs.rehearsal(id, caller.id);
    const { accept } = request.headers;
    if (format === undefined && wantsEvents(accept)) return streamJob(job, reply);
    if ((format ?? (wantsCsv(accept) ? 'csv' : 'json')) === 'csv') return sendCsv(job, reply);
    const items = job.outcome?.items;
    const after = readPlace(cursor);
    const rows = items === undefined ? [] : await items.page(after, limit + 1);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? writePlace(shown.at(-1)!) : null;
    void reply.send({ ...job.view(), items: shown, next_cursor: next });
  }
}

function wantsCsv(accept: string | undefined): boolean {
  return /(^|[,\s])text\/csv\s*(;|,|$)/i.test(accept ?? '');
}

function sendCsv(job: Job<RehearsalOutcome>, reply: FastifyReply): void {
  if (job.outcome === undefined) {
    throw new Problem(
      'not_found',
      job.isFinished
        ? 'The rehearsal failed, so it has no items. Get it as JSON to see why.'
        : 'The rehearsal is not done yet, so it has no items. Ask again when its status is done.',
    );
  }
  void reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="rehearsal-${job.id}.csv"`)
    .send(csvOf(job.outcome.items.all(), ITEM_COLUMNS));
}
