import { createHmac, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import { refuseCursor } from '../../http/cursor';
import { onlyUserOf, type Caller } from '../caller';
import { forbidden } from '../unauthorized';

const BYTES = 16;
const SEALED = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{22})$/;

/** An answer with a page: the part of it that is read here. */
interface Paged {
  readonly next_cursor: string;
}

/**
 * Seals cursors, so that each belongs to one caller and one list. A cursor given to another caller is refused just like
 * an invented one.
 */
export class CursorSeal {
  private readonly secret: Buffer;

  /** @param secret shared by all instances. */
  constructor(secret: Buffer) {
    this.secret = createHmac('sha256', secret).update('cursors').digest();
  }

  /**
   * Takes the seal off a request's cursor.
   * @throws Problem if this caller did not get the cursor here: `invalid_cursor`, or `forbidden` if the caller sees one
   * user only.
   */
  openIn(request: FastifyRequest, caller: Caller): void {
    const query = request.query as { cursor?: unknown };
    const given = query.cursor;
    if (given === undefined) return;
    const [, cursor, seal] = (typeof given === 'string' && SEALED.exec(given)) || refuse(caller);
    const expected = this.sealOf(request, caller, cursor!);
    if (!timingSafeEqual(expected, Buffer.from(seal!, 'base64url'))) refuse(caller);
    query.cursor = cursor;
  }

  /** Seals an answer's cursor. */
  closeIn(request: FastifyRequest, answer: unknown): unknown {
    const { caller } = request;
    if (caller === null || !isPaged(answer)) return answer;
    const seal = this.sealOf(request, caller, answer.next_cursor).toString('base64url');
    return { ...answer, next_cursor: `${answer.next_cursor}.${seal}` };
  }

  private sealOf(request: FastifyRequest, { id }: Caller, cursor: string): Buffer {
    const of = JSON.stringify([id, request.routeOptions.url, request.params, cursor]);
    return createHmac('sha256', this.secret).update(of).digest().subarray(0, BYTES);
  }
}

function refuse(caller: Caller): never {
  if (onlyUserOf(caller) !== null) throw forbidden();
  return refuseCursor();
}

function isPaged(answer: unknown): answer is Paged {
  if (typeof answer !== 'object' || answer === null) return false;
  return typeof (answer as Partial<Paged>).next_cursor === 'string';
}
