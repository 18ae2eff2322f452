import { EventEmitter } from 'node:events';

import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { BodyRoom } from '../http/body-room';
import type { Caller } from '../security/caller';
import { EventsController } from './events.controller';

const CALLER: Caller = {
  id: 'ann',
  author: 'ann',
  roles: ['producer'],
  source: null,
  userId: null,
};

describe('a batch of many tiny events', () => {
  const request = (events: number) => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const body = Buffer.from(JSON.stringify(Array.from({ length: events }, () => ({}))));
    const raw = { socket: new EventEmitter(), headers, rawHeaders: [] };
    return { room: 0, headers, body, raw } as unknown as FastifyRequest;
  };
  const reply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;

  it('gets room for its answer, or is refused before anything of it is recorded', async () => {
    const recorded: number[] = [];
    const commands = {
      execute: ({ events }: { events: readonly unknown[] }) => {
        recorded.push(events.length);
        return Promise.reject(new Error('The store is gone.'));
      },
    } as unknown as CommandBus;
    const controller = new EventsController(commands, new BodyRoom(1_000_000, () => 'ann'));
    const first = request(2_000);
    await expect(controller.post(CALLER, first, reply())).rejects.toThrow('The store is gone.');
    expect(first.room).toBeGreaterThanOrEqual(2_000 * 180);
    await expect(controller.post(CALLER, request(2_000), reply())).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(recorded).toEqual([2_000]);
  });
});
