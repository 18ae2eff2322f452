import type { Json } from '../../domain/events/facts';
import { parseInstant, printInstant } from '../../domain/time';
import { readBody } from '../../http/json-body';
import { Problem } from '../../http/problem';
import { KeyBody } from './key-body.dto';
import type { KeyOrder } from './new-key';

/**
 * Reads the body of a request for a key.
 * @throws Problem with a pointer to the field at fault.
 */
export function readKeyOrder(body: Json, now: number): KeyOrder {
  const { role, name, ...more } = readBody(body, KeyBody);
  const [source, userId] = [more.source ?? null, more.user_id ?? null];
  if (source !== null && role !== 'producer') {
    refuse('source', `source binds a producer to its sources: leave it out of a ${role} key.`);
  }
  if (userId !== null && role !== 'reader') {
    refuse('user_id', `user_id binds a reader to one user: leave it out of a ${role} key.`);
  }
  const expiresAt = more.expires_at == null ? null : parseInstant(more.expires_at)!;
  if (expiresAt !== null && expiresAt <= now) {
    refuse('expires_at', `expires_at must be in the future: it is ${printInstant(now)} now.`);
  }
  return { role, name, source, userId, expiresAt };
}

function refuse(field: string, detail: string): never {
  throw new Problem('invalid_field', detail, { pointer: `/${field}` });
}
