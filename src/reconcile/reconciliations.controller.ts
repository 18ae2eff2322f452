import { applyDecorators, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { mediaTypeOf, refuseCompressed } from '../http/body';
import { readOpaque, refuseCursor, writeOpaque } from '../http/cursor';
import { csvOf } from '../http/csv';
import { AtLeastParameters, PageParameters } from '../http/fields/parameters.dto';
import { readBody } from '../http/json-body';
import { noSuchParameter } from '../http/parameter.pipe';
import { Problem } from '../http/problem';
import { takeSpooled } from '../http/spooled-body';
import type { Json } from '../domain/events/facts';
import type { Job } from '../jobs/jobs';
import type { Caller } from '../security/caller';
import { By, Roles, type Access } from '../security/http/access';
import { rolesFor } from '../security/roles';
import {
  ItemParameters,
  ReconciliationBody,
  ReconciliationPath,
  requestOf,
  type ReconciliationRequest,
} from './asked';
import { ITEM_COLUMNS } from './items';
import { Reconciliations, type ReconciliationOutcome } from './reconciliations';
import { Describe, DescribeRoles, json } from '../http/openapi/describe';
import { page, text } from '../http/openapi/schema';
import { RECONCILIATION, RECONCILIATION_BODY, RECONCILIATION_ITEM } from './reconciliation.schemas';
import { accepted } from '../jobs/described';

const MOST_BYTES = 256 * 1_024 * 1_024;
const PATH = '/v1/audit/reconciliations';
const NOTHING_YET = {
  matched: null,
  only_vendor: null,
  only_ledger: null,
  duration_differs: null,
  repeated: null,
  matched_by: null,
  vendor_lines: null,
  ledger_logs: null,
  vendor_seconds: null,
  ledger_seconds: null,
  vendor_cost: null,
  billed_cost: null,
  margin: null,
  by_day: null,
  position: null,
};

/** The body is spooled to a file. For CSV, the parameters are in the query. */
const TakesList = () =>
  applyDecorators(
    RouteConfig({
      access: { role: 'finance', checksUser: false, isCostly: true } satisfies Access,
      spools: MOST_BYTES,
      takesParameters: true,
    }),
    DescribeRoles(rolesFor('finance')),
  );

/** Reconciliations: a vendor's list of requests compared with the ledger's logs. Nothing is written to the ledger. */
@Controller('v1/audit/reconciliations')
export class ReconciliationsController {
  constructor(private readonly reconciliations: Reconciliations) {}

  @Post()
  @Describe({
    tag: 'Audit',
    summary: "Compare a vendor's list of requests with the ledger's logs.",
    description:
      "Lines are matched by the vendor's request id, else by session, else by day and duration, each log once. In JSON, the parameters are fields beside the list; for CSV, they are in the query. Nothing is written to the ledger.",
    body: { 'application/json': RECONCILIATION_BODY, 'text/csv': text },
    query: ReconciliationBody,
    answers: { 202: accepted(RECONCILIATION) },
  })
  @TakesList()
  async start(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const csv = parametersOf(request);
    const job = await this.reconciliations.start(takeSpooled(request), csv, caller.id);
    void reply.status(202).header('location', `${PATH}/${job.id}`).send(viewOf(job));
  }

  @Get()
  @Describe({
    tag: 'Audit',
    summary: 'The reconciliations that are kept, newest first.',
    description: 'The last 20 are kept for a day.',
    answers: { 200: json(page(RECONCILIATION)) },
  })
  @Roles('finance')
  list(@By() caller: Caller, @Query() { cursor, limit }: PageParameters) {
    const { items, next_cursor } = this.reconciliations.list(caller.id, cursor, limit);
    return {
      items: items.map(({ result, ...job }) => ({
        ...job,
        ...NOTHING_YET,
        ...result,
        items_url: `${PATH}/${job.id}/items`,
      })),
      next_cursor,
    };
  }

  @Get(':id')
  @Describe({
    tag: 'Audit',
    summary: 'The progress of a reconciliation, and its result.',
    description: 'Until it is done, the results are null.',
    answers: { 200: json(RECONCILIATION) },
  })
  @Roles('finance')
  one(
    @By() caller: Caller,
    @Param() { id }: ReconciliationPath,
    @Query() _: AtLeastParameters,
  ): object {
    return viewOf(this.reconciliations.get(id, caller.id));
  }

  @Get(':id/items')
  @Describe({
    tag: 'Audit',
    summary: 'What became of each line and log.',
    description: 'As a list, or as CSV.',
    answers: {
      200: {
        description: 'Lines in their order, then logs without a line.',
        content: { 'application/json': page(RECONCILIATION_ITEM), 'text/csv': text },
      },
    },
  })
  @Roles('finance')
  items(
    @By() caller: Caller,
    @Param() { id }: ReconciliationPath,
    @Query() { kind, cursor, limit, format }: ItemParameters,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { outcome, isFinished } = this.reconciliations.get(id, caller.id);
    if (outcome === undefined) throw noItems(isFinished);
    const wantsCsv = /(^|[,\s])text\/csv\s*(;|,|$)/i.test(headers.accept ?? '');
    if ((format ?? (wantsCsv ? 'csv' : 'json')) === 'csv') {
      void reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="reconciliation-${id}.csv"`)
        .send(csvOf(outcome.items.all(kind), ITEM_COLUMNS));
      return;
    }
    const { items, next } = outcome.items.page(kind, readAfter(cursor), limit);
    void reply.send({ items, next_cursor: next === undefined ? null : writeOpaque([next]) });
  }
}

/** Returns the parameters of a CSV list; `undefined` for JSON, which has them in the body. @throws Problem. */
function parametersOf(request: FastifyRequest): ReconciliationRequest | undefined {
  refuseCompressed(request.headers);
  const query = { ...(request.query as Readonly<Record<string, Json>>) };
  const type = mediaTypeOf(request.headers);
  if (type === 'text/csv') return requestOf(asParameters(query));
  if (type !== 'application/json') {
    throw new Problem('unsupported_media_type', 'Send the list as application/json or text/csv.');
  }
  const [name] = Object.keys(query);
  if (name !== undefined) throw noSuchParameter(name);
  return undefined;
}

/** Reads the query as a body is read. @throws Problem `invalid_parameter` instead of the code for a body's field. */
function asParameters(query: Readonly<Record<string, Json>>): ReconciliationBody {
  try {
    return readBody(query, ReconciliationBody);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('invalid_parameter', error.detail, error.more);
  }
}

function viewOf(job: Job<ReconciliationOutcome>): object {
  const { result, ...view } = job.view();
  return { ...view, ...NOTHING_YET, ...result, items_url: `${PATH}/${job.id}/items` };
}

function noItems(isFinished: boolean): Problem {
  return new Problem(
    'not_found',
    isFinished
      ? 'The reconciliation failed, so it has no items: its error says why.'
      : 'The reconciliation is not done yet, so it has no items. Ask again when its status is done.',
  );
}

function readAfter(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [after] = readOpaque(cursor, 1);
  return typeof after === 'number' && Number.isSafeInteger(after) ? after : refuseCursor();
}
