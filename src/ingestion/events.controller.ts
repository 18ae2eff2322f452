import { Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Json } from '../domain/events/facts';
import { BodyRoom } from '../http/body-room';
import { TAKEN_ENCODINGS, unpackBody } from '../http/content-encoding';
import { Problem } from '../http/problem';
import { mapInTurns } from '../lib/in-turns';
import { OneAtATime } from '../lib/one-at-a-time';
import { readRequest, type CloudEventsRequest } from './cloud-events-request';
import { RecordFacts, type EventVerdict, type RecordResult } from './record-facts';
import { subjectAsUser } from './subject-as-user';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';
import { Describe, json, nothing } from '../http/openapi/describe';
import { EVENTS, EVENTS_REJECTED, OPENMETER_EVENTS, RECORDED } from './event.schemas';
import { PROBLEM } from '../http/openapi/problem';

const POSITION_HEADER = 'minutebook-position';
/** What an event takes in the answer, in bytes, besides what the body already had: that of an empty one takes 180. */
const VERDICT_BYTES = 200;

/** The paths that take batches, which may be longer than other bodies. */
export const BATCH_DOORS: readonly string[] = ['/v1/events', '/api/v1/events'];

/** The producers' endpoint. It answers when everything that it reports as recorded is durable. */
@Controller()
export class EventsController {
  private readonly unpacking = new OneAtATime();

  constructor(
    private readonly commands: CommandBus,
    private readonly room: BodyRoom,
  ) {}

  @Post('v1/events')
  @Describe({
    tag: 'Producers',
    summary: 'Record what happened: one CloudEvent (structured or binary) or a batch.',
    description:
      'The answer means that everything reported as recorded is durable. It has one verdict per event, in the order sent. Sending the same facts again is always safe: they are duplicates. In binary mode the attributes are in `ce-` headers. At most 10,000 events and 16 MiB; gzip and deflate are accepted.',
    body: EVENTS,
    answers: {
      200: json(RECORDED, 'One duplicate, or a batch without a rejection.'),
      201: json(RECORDED, 'One event, recorded.'),
      207: json(RECORDED, 'A batch with a rejection.'),
    },
  })
  @Roles('producer')
  async post(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const posted = await this.read(request, reply);
    await answer(posted, await this.record(posted, caller), reply);
  }

  /** The same endpoint under the path that OpenMeter's SDKs post to, with answers that they understand. */
  @Post('api/v1/events')
  @Describe({
    tag: 'Producers',
    summary: 'Record events at the path that OpenMeter SDKs post to.',
    description:
      'For clients that were written for OpenMeter: 204 if nothing was rejected, 422 if anything was. `subject` may name the user if `data.user_id` is left out or the same.',
    body: OPENMETER_EVENTS,
    answers: {
      204: nothing('Nothing was rejected. The header minutebook-position has the position.'),
      422: {
        description:
          'The event was rejected, or some events of a batch were (`events_rejected`, with all verdicts in `results`).',
        content: { 'application/problem+json': { oneOf: [EVENTS_REJECTED, PROBLEM] } },
      },
    },
  })
  @Roles('producer')
  async postAsOpenMeter(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { mode, events } = await this.read(request, reply);
    const posted = { mode, events: events.map(subjectAsUser) };
    const result = await this.record(posted, caller);
    if (result.verdicts.some((verdict) => verdict.status === 'rejected')) {
      throw rejectionOf(posted, result);
    }
    void reply
      .status(204)
      .header(POSITION_HEADER, String(result.position))
      .header('accept-encoding', TAKEN_ENCODINGS)
      .send();
  }

  private async read(request: FastifyRequest, reply: FastifyReply): Promise<CloudEventsRequest> {
    const sent = request.body as Buffer | undefined;
    const unpack = async () => {
      const unpacked = await unpackBody(request.headers, sent);
      this.room.grow(request, reply, unpacked?.length ?? 0);
      return unpacked;
    };
    // One body at a time is unpacked, because its size, and so its room, is known only afterwards.
    const isPacked = request.headers['content-encoding'] !== undefined;
    const body = isPacked ? await this.unpacking.run(unpack) : sent;
    const posted = await readRequest(request.raw, body);
    // Before anything is recorded: ten thousand events of two bytes have an answer of megabytes.
    this.room.grow(request, reply, request.room + posted.events.length * VERDICT_BYTES);
    return posted;
  }

  private record({ events }: CloudEventsRequest, { source }: Caller): Promise<RecordResult> {
    return this.commands.execute(new RecordFacts(events, source));
  }
}

/**
 * Makes the error for a rejected event, or a batch with rejections: these clients take any success status for complete
 * success.
 */
function rejectionOf(posted: CloudEventsRequest, { position, verdicts }: RecordResult): Problem {
  const rejected = verdicts.flatMap((one) => (one.status === 'rejected' ? one.refusal : []));
  const [first] = rejected;
  if (posted.mode === 'single') return Problem.of(first!);
  const rest = rejected.length === verdicts.length ? '' : ' The others are recorded.';
  return new Problem(
    'events_rejected',
    `${rejected.length} of ${verdicts.length} events were rejected; results say which, and why.${rest} The first: ${first!.code}: ${first!.detail}`,
    {
      headers: { [POSITION_HEADER]: String(position) },
      members: {
        position: String(position),
        results: verdicts.map((verdict, index) => viewOf(posted.events[index]!, verdict)),
      },
    },
  );
}

async function answer(
  posted: CloudEventsRequest,
  result: RecordResult,
  reply: FastifyReply,
): Promise<void> {
  const { verdicts } = result;
  const only = posted.mode === 'single' ? verdicts[0]! : undefined;
  if (only?.status === 'rejected') throw Problem.of(only.refusal);
  const anyRejected = verdicts.some((verdict) => verdict.status === 'rejected');
  const status =
    only === undefined ? (anyRejected ? 207 : 200) : only.status === 'recorded' ? 201 : 200;
  const position = String(result.position);
  const results = await mapInTurns(verdicts, (verdict, index) =>
    JSON.stringify(viewOf(posted.events[index]!, verdict)),
  );
  void reply
    .status(status)
    .header(POSITION_HEADER, position)
    .header('accept-encoding', TAKEN_ENCODINGS)
    .type('application/json; charset=utf-8')
    .send(`{"position":${JSON.stringify(position)},"results":[${results.join(',')}]}`);
}

function viewOf(event: Json, verdict: EventVerdict): object {
  const named = {
    id: textOf(event, 'id'),
    source: textOf(event, 'source'),
    status: verdict.status,
  };
  if (verdict.status !== 'rejected') return { ...named, position: String(verdict.position) };
  const { code, detail, pointer = null, fields = null } = verdict.refusal;
  return { ...named, position: null, code, detail, pointer, fields };
}

/** Returns the id or source that an event was sent with, at most 512 characters; `null` if it is not a text. */
function textOf(event: Json, name: 'id' | 'source'): string | null {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return null;
  const value = (event as { [key: string]: Json })[name];
  return typeof value === 'string' ? value.slice(0, 512).toWellFormed() : null;
}
