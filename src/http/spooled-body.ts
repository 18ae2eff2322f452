import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify';

import type { OwnFolder } from '../lib/own-folder';
import { GoneAwayError } from './gone-away';
import { Problem } from './problem';

/** A body in a file, in a folder of its own that only its owner can read. */
export interface SpooledBody {
  readonly folder: string;
  readonly file: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The maximum size of a body in bytes, if it goes to a file instead of memory. */
    spools?: number;
  }
  interface FastifyRequest {
    /** The body, if the route spools bodies and nobody has taken it yet. */
    spooled: SpooledBody | null;
  }
}

/**
 * Writes the bodies of routes that set `spools` to files as they arrive. A body that nobody takes is removed after the
 * answer, or when the client leaves.
 */
export function spoolBodies(fastify: FastifyInstance, place: Pick<OwnFolder, 'folder'>): void {
  fastify.decorateRequest('spooled', null);
  fastify.addHook('onRoute', (route) => {
    const most = route.config?.spools;
    if (most === undefined) return;
    route.bodyLimit = most;
    route.preParsing = (request, reply, payload) => {
      reply.raw.once('close', () => void discard(request));
      return spool(request, payload, { most, place });
    };
  });
}

/** Returns the body. The caller must remove it. */
export function takeSpooled(request: FastifyRequest): SpooledBody {
  const { spooled } = request;
  if (spooled === null)
    throw new Problem('invalid_body', 'The body is empty. Send the list in it.');
  request.spooled = null;
  return spooled;
}

async function spool(
  request: FastifyRequest,
  payload: RequestPayload,
  { most, place }: { readonly most: number; readonly place: Pick<OwnFolder, 'folder'> },
): Promise<RequestPayload> {
  const folder = await place.folder();
  const file = join(folder, 'body');
  request.spooled = { folder, file };
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > most) return done(tooLarge(most));
      done(null, chunk);
    },
  });
  try {
    await pipeline(payload, counted, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await discard(request);
    throw hasLeft(error) ? new GoneAwayError() : error;
  }
  // The parser gets an empty stream, which reports the length of all that arrived.
  return Object.assign(Readable.from([]), { receivedEncodedLength: bytes });
}

/** Removes a body that nobody has taken. If that fails, only the log can say so: the request is over. */
async function discard(request: FastifyRequest): Promise<void> {
  const { spooled } = request;
  if (spooled === null) return;
  request.spooled = null;
  await rm(spooled.folder, { recursive: true, force: true }).catch((error: unknown) => {
    new Logger('http').error(error);
  });
}

/** Whether the client left before the body's end. Writing the file never fails with these codes. */
function hasLeft(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function tooLarge(most: number): Problem {
  return new Problem('body_too_large', `The body has at most ${most} bytes. Send it in parts.`);
}
