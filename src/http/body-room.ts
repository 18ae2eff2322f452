import type { Server } from 'node:http';
import { Transform } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';

import { GoneAwayError } from './gone-away';
import { Problem } from './problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** How many bytes of room its body and its answer have; 0 if its route does not bound them. */
    room: number;
  }
}

/** A body of up to this many bytes gets its room before it arrives: counting it would cost more. */
const SMALL = 65_536;
/** A small body with its answer. Large ones leave this part of the room to them. */
const SMALL_WITH_ANSWER = 2 * SMALL;
const PART_FOR_SMALL = 1 / 16;
/** The part of the room that one caller may take. */
const PART_OF_ONE = 1 / 2;
/** How long a body may stand still, in milliseconds. */
const STILL_MS = 30_000;
/** How often it is looked at meanwhile. After a pause of the whole process, one look alone would tell nothing. */
const LOOKS = 3;
/** The code of Node's own error for a request that did not arrive in time. */
const TIMED_OUT = 'ERR_HTTP_REQUEST_TIMEOUT';

/**
 * Bounds how many bytes the bodies of some routes take together with their answers, from their arrival until the answer
 * is sent. Each may be large, and many at once would not fit into memory. Bytes that were only announced take no
 * room: senders that announce much and send nothing must not keep others out. Nor must a caller with many requests.
 */
export class BodyRoom {
  private taken = 0;
  private readonly takenBy = new Map<string, number>();

  /**
   * @param most in bytes. One body always has room.
   * @param callerOf names the sender of a request.
   */
  constructor(
    private readonly most: number,
    private readonly callerOf: (request: FastifyRequest) => string,
    private readonly stillMs = STILL_MS,
  ) {}

  /** Bounds the bodies of routes. Runs after the hooks that refuse strangers. */
  guard(fastify: FastifyInstance, paths: readonly string[]): void {
    fastify.decorateRequest('room', 0);
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (!paths.includes(request.routeOptions.url ?? '')) return done(null, payload);
      try {
        const body = this.bounded(request, reply, payload);
        this.endIfStill(request, fastify.server);
        done(null, body);
      } catch (error) {
        done(error as Problem);
      }
    });
  }

  /**
   * Makes sure that a request has enough room, once more of it is there: as its body arrives, when that was
   * decompressed, and before its answer is made.
   * @throws Problem `overloaded`; GoneAwayError if the sender has left.
   */
  grow(request: FastifyRequest, reply: FastifyReply, bytes: number): void {
    const more = bytes - request.room;
    if (more <= 0) return;
    // Room that is taken after 'close' would never be free again.
    if (reply.raw.destroyed || request.raw.socket.destroyed) throw new GoneAwayError();
    this.check(request, bytes);
    if (request.room === 0) this.freeAtEnd(request, reply);
    this.take(request, more);
  }

  private take(request: FastifyRequest, bytes: number): void {
    const caller = this.callerOf(request);
    const held = (this.takenBy.get(caller) ?? 0) + bytes;
    if (held === 0) this.takenBy.delete(caller);
    else this.takenBy.set(caller, held);
    this.taken += bytes;
    request.room += bytes;
  }

  /** An answer that waits for an earlier one on its connection does not report that the connection has ended. */
  private freeAtEnd(request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw;
    const free = () => {
      this.take(request, -request.room);
      reply.raw.removeListener('close', free);
      socket.removeListener('close', free);
    };
    reply.raw.once('close', free);
    socket.once('close', free);
  }

  private check(request: FastifyRequest, bytes: number): void {
    const others = this.taken - request.room;
    if (others === 0) return;
    const own = (this.takenBy.get(this.callerOf(request)) ?? 0) - request.room;
    if (own > 0 && own + bytes > this.most * PART_OF_ONE) {
      throw new Problem(
        'overloaded',
        'Too many batches of this key or token are under way, or their answers were not read. Send these events again in a second.',
      );
    }
    const kept = bytes <= SMALL_WITH_ANSWER ? 0 : this.most * PART_FOR_SMALL;
    if (others + bytes <= this.most - kept) return;
    throw new Problem(
      'overloaded',
      'Too many large batches are being recorded. Send these events again in a second.',
    );
  }

  /** Ends a request whose body stands still, as Node ends one that takes too long in all: with 408. */
  private endIfStill({ raw }: FastifyRequest, server: Server): void {
    const { socket } = raw;
    let seen = socket.bytesRead;
    let looks = 0;
    const timer = setInterval(() => {
      looks = socket.bytesRead === seen ? looks + 1 : 0;
      seen = socket.bytesRead;
      if (looks < LOOKS) return;
      stop();
      const error = new Error('The body of a request stands still.');
      server.emit('clientError', Object.assign(error, { code: TIMED_OUT }), socket);
    }, this.stillMs / LOOKS).unref();
    const stop = () => clearInterval(timer);
    raw.once('end', stop).once('close', stop);
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
          this.take(request, -request.room);
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
