import { applyDecorators, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { refuseCompressed } from '../http/body';
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
import { By, Roles } from '../security/http/access';
import {
  ItemParameters,
  ReconciliationBody,
  ReconciliationPath,
  requestOf,
  type ReconciliationRequest,
} from './asked';
import { ITEM_COLUMNS } from './items';
import { Reconciliations, type ReconciliationOutcome } from './reconciliations';

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

/** The body goes to a file, and CSV has the rest as parameters. */
const TakesList = () =>
  applyDecorators(
    RouteConfig({
      access: { role: 'finance', checksUser: false },
      spools: MOST_BYTES,
      takesParameters: true,
    }),
  );

/** A vendor's list of requests beside the ledger's logs. Nothing is written to the ledger. */
@ApiExcludeController()
@Controller('v1/audit/reconciliations')
export class ReconciliationsController {
  constructor(private readonly reconciliations: Reconciliations) {}

  @Post()
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
  @Roles('finance')
  one(
    @By() caller: Caller,
    @Param() { id }: ReconciliationPath,
    @Query() _: AtLeastParameters,
  ): object {
    return viewOf(this.reconciliations.get(id, caller.id));
  }

  @Get(':id/items')
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

/** What CSV is to be compared with; `undefined` of JSON, which says that itself. @throws Problem. */
function parametersOf(request: FastifyRequest): ReconciliationRequest | undefined {
  refuseCompressed(request.headers);
  const query = { ...(request.query as Readonly<Record<string, Json>>) };
  const [type] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() === 'text/csv') return requestOf(asParameters(query));
  if (type?.trim() !== 'application/json') {
    throw new Problem('unsupported_media_type', 'Send the list as application/json or text/csv.');
  }
  const [name] = Object.keys(query);
  if (name !== undefined) throw noSuchParameter(name);
  return undefined;
}

/** Mistakes in parameters are of the syntax. */
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
