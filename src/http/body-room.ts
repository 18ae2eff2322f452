import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { MAX_BATCH_BYTES, MAX_BODY_BYTES } from './body';
import { Problem } from './problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** How many bytes of room its body has; 0 if its route does not bound them. */
    room: number;
  }
}

/**
 * Bounds how many bytes the bodies of some routes take together, from a request until its answer is sent. Each may be
 * large, and so many at once would not fit into memory.
 */
export class BodyRoom {
  private taken = 0;

  /** @param most in bytes. One body always has room. */
  constructor(private readonly most: number) {}

  /** Makes room for the bodies of routes before they are read. Runs after the hooks that refuse strangers. */
  guard(fastify: FastifyInstance, paths: readonly string[]): void {
    fastify.decorateRequest('room', 0);
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!paths.includes(request.routeOptions.url ?? '')) return done();
      try {
        this.grow(request, reply, announced(request));
        done();
      } catch (error) {
        done(error as Problem);
      }
    });
  }

  /**
   * Makes sure that a body has enough room, once its size is known: it may be compressed, or come without its length.
   * @throws Problem `overloaded`.
   */
  grow(request: FastifyRequest, reply: FastifyReply, bytes: number): void {
    const more = bytes - request.room;
    if (more <= 0) return;
    if (this.taken > request.room && this.taken + more > this.most) {
      throw new Problem(
        'overloaded',
        'Too many large batches are being recorded. Send these events again in a second.',
      );
    }
    this.taken += more;
    request.room = bytes;
    reply.raw.once('close', () => (this.taken -= more));
  }
}

/** Returns the length that a request announces. A body in chunks has none; most are small. */
function announced({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  return length === undefined ? MAX_BODY_BYTES : Math.min(Number(length), MAX_BATCH_BYTES);
}
