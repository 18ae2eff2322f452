import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Adds a strong ETag, the SHA-256 of the answer, to answers to `as_of`. An answer about the past is the same each time,
 * byte for byte, so a client that already has it gets 304.
 */
export function tagPastAnswers(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const { as_of: asOf } = (request.query ?? {}) as { readonly as_of?: unknown };
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || asOf === undefined || reply.statusCode !== 200 || typeof payload !== 'string') {
    return done(null, payload);
  }
  const tag = entityTag(payload);
  // The client may keep the answer, but must ask again before using it: its key may no longer allow it to see the
  // answer.
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!isKnown(request.headers['if-none-match'], tag)) return done(null, payload);
  void reply.code(304).removeHeader('content-type').removeHeader('content-length');
  done(null, null);
}

/** Returns the digest of an answer as an entity tag (RFC 9110). */
export function entityTag(body: string): string {
  return `"sha256-${createHash('sha256').update(body).digest('base64url')}"`;
}

/** Whether an If-None-Match names a tag. Weak tags count too, as in RFC 9110's weak comparison. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const named: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return named.includes(tag);
}
