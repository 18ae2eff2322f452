import { Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Json } from '../domain/events/facts';
import { Problem } from '../http/problem';
import { readRequest, type CloudEventsRequest } from './cloud-events-request';
import { RecordFacts, type EventVerdict, type RecordResult } from './record-facts';
import type { Caller } from '../security/caller';
import { By, Roles } from '../security/http/access';

const POSITION_HEADER = 'minutebook-position';

/** The producers' door. Answers when all that it calls recorded is durable. */
@ApiExcludeController()
@Controller()
export class EventsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('v1/events')
  @Roles('producer')
  async post(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { posted, result } = await this.record(request, caller);
    answer(posted, result, reply);
  }

  /** The same door under the path that OpenMeter's SDKs post to. */
  @Post('api/v1/events')
  @Roles('producer')
  async postAsOpenMeter(
    @By() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { posted, result } = await this.record(request, caller);
    if (result.verdicts.some((verdict) => verdict.status === 'rejected')) {
      answer(posted, result, reply);
      return;
    }
    void reply.status(204).header(POSITION_HEADER, String(result.position)).send();
  }

  private async record(
    request: FastifyRequest,
    { source }: Caller,
  ): Promise<{ posted: CloudEventsRequest; result: RecordResult }> {
    const posted = readRequest(request.headers, request.body as Buffer | undefined);
    return { posted, result: await this.commands.execute(new RecordFacts(posted.events, source)) };
  }
}

function answer(posted: CloudEventsRequest, result: RecordResult, reply: FastifyReply): void {
  const { verdicts } = result;
  const only = posted.mode === 'single' ? verdicts[0]! : undefined;
  if (only?.status === 'rejected') throw Problem.of(only.refusal);
  const anyRejected = verdicts.some((verdict) => verdict.status === 'rejected');
  const status =
    only === undefined ? (anyRejected ? 207 : 200) : only.status === 'recorded' ? 201 : 200;
  const position = String(result.position);
  const results = verdicts.map((verdict, index) => viewOf(posted.events[index]!, verdict));
  void reply
    .status(status)
    .header(POSITION_HEADER, position)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ position, results }));
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

/** What a rejected event called itself, as far as that can be said. */
function textOf(event: Json, name: 'id' | 'source'): string | null {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return null;
  const value = (event as { [key: string]: Json })[name];
  return typeof value === 'string' ? value.slice(0, 512).toWellFormed() : null;
}
