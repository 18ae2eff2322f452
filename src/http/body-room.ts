import { Transform } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';

import { GoneAwayError } from './gone-away';
import { Problem } from './problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** How many bytes of room its body has; 0 if its route does not bound them. */
    room: number;
  }
}

/** A body of up to this many bytes gets its room before it arrives: counting it would cost more. */
const SMALL = 65_536;

/**
 * Bounds how many bytes the bodies of some routes take together, from their arrival until the answer is sent. Each may
 * be large, and many at once would not fit into memory. Bytes that were only announced take no room: senders that
 * announce much and send nothing must not keep others out.
 */
export class BodyRoom {
  private taken = 0;

  /** @param most in bytes. One body always has room. */
  constructor(private readonly most: number) {}

  /** Bounds the bodies of routes. Runs after the hooks that refuse strangers. */
  guard(fastify: FastifyInstance, paths: readonly string[]): void {
    fastify.decorateRequest('room', 0);
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (!paths.includes(request.routeOptions.url ?? '')) return done(null, payload);
      try {
        done(null, this.bounded(request, reply, payload));
      } catch (error) {
        done(error as Problem);
      }
    });
  }

  /**
   * Makes sure that a body has enough room, once more of it is there: as it arrives, and when it was decompressed.
   * @throws Problem `overloaded`; GoneAwayError if the sender has left.
   */
  grow(request: FastifyRequest, reply: FastifyReply, bytes: number): void {
    const more = bytes - request.room;
    if (more <= 0) return;
    // Room that is taken after 'close' would never be free again.
    if (reply.raw.destroyed || request.raw.socket.destroyed) throw new GoneAwayError();
    this.check(request, bytes);
    if (request.room === 0) this.freeAtEnd(request, reply);
    this.taken += more;
    request.room = bytes;
  }

  /** An answer that waits for an earlier one on its connection does not report that the connection has ended. */
  private freeAtEnd(request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw;
    const free = () => {
      this.taken -= request.room;
      request.room = 0;
      reply.raw.removeListener('close', free);
      socket.removeListener('close', free);
    };
    reply.raw.once('close', free);
    socket.once('close', free);
  }

  private check({ room }: FastifyRequest, bytes: number): void {
    if (this.taken === room || this.taken + bytes - room <= this.most) return;
    throw new Problem(
      'overloaded',
      'Too many large batches are being recorded. Send these events again in a second.',
    );
  }

  /** Returns the body as it is to be read. Refuses it before it is read if there is clearly no room. */
  private bounded(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: RequestPayload,
  ): RequestPayload {
    const announced = Number(request.headers['content-length'] ?? Infinity);
    if (announced <= SMALL) {
      this.grow(request, reply, announced);
      return payload;
    }
    this.check(request, Number.isFinite(announced) ? announced : SMALL);
    let bytes = 0;
    const counted = new Transform({
      transform: (chunk: Buffer, _, done) => {
        bytes += chunk.length;
        try {
          this.grow(request, reply, bytes);
          done(null, chunk);
        } catch (error) {
          // What the sender still sends is dropped, so that it can read its answer.
          payload.unpipe(counted).resume();
          done(error as Problem);
        }
      },
    });
    // `pipe` does not pass on that the sender left. Nobody may be reading any more then, for example after a refusal.
    payload.once('error', (error) => counted.destroy(error));
    counted.on('error', () => undefined);
    return payload.pipe(counted);
  }
}
