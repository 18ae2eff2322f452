import { EventEmitter } from 'node:events';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { BodyRoom } from './body-room';

describe('the room for bodies', () => {
  const room = () => new BodyRoom(100);
  const request = () => ({ room: 0 }) as FastifyRequest;
  const reply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;

  it('is refused to a body that would exceed it, and free again once an answer was sent', () => {
    const some = room();
    const first = reply();
    some.grow(request(), first, 60);
    expect(() => some.grow(request(), reply(), 60)).toThrow('Too many large batches');
    some.grow(request(), reply(), 40);
    expect(() => some.grow(request(), reply(), 1)).toThrow('Too many large batches');
    first.raw.emit('close');
    some.grow(request(), reply(), 60);
  });

  it('is given to any single body', () => {
    const some = room();
    const [one, answer] = [request(), reply()];
    some.grow(one, answer, 300);
    some.grow(one, answer, 400);
    expect(() => some.grow(request(), reply(), 1)).toThrow('Too many large batches');
    answer.raw.emit('close');
    some.grow(request(), reply(), 100);
  });

  it('grows with a body that turns out larger', () => {
    const some = room();
    some.grow(request(), reply(), 50);
    const one = request();
    some.grow(one, reply(), 10);
    some.grow(one, reply(), 50);
    const other = request();
    expect(() => some.grow(other, reply(), 1)).toThrow('Too many large batches');
  });
});
