import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers of the past are the same each time, byte for byte. So those to `as_of` carry a strong ETag, the SHA-256 of
 * their bytes, and a client that already has them gets 304.
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
  // The client may keep it, but must ask again: it may no longer be allowed to see it.
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!isKnown(request.headers['if-none-match'], tag)) return done(null, payload);
  void reply.code(304).removeHeader('content-type').removeHeader('content-length');
  done(null, null);
}

/** The digest of an answer as an entity tag (RFC 9110). */
export function entityTag(body: string): string {
  return `"sha256-${createHash('sha256').update(body).digest('base64url')}"`;
}

/** Whether an If-None-Match names a tag; weak ones count, as RFC 9110 compares them here. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const named: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return named.includes(tag);
}
