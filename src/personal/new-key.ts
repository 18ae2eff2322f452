import { randomBytes } from 'node:crypto';

import { KEY_BYTES, type PersonalKey } from '../domain/events/sealing';

/** So many that no two keys ever have the same id. */
const ID_BYTES = 12;

/** A random key with a random id, kept nowhere yet. */
export function newPersonalKey(): PersonalKey {
  return { id: randomBytes(ID_BYTES).toString('base64url'), secret: randomBytes(KEY_BYTES) };
}
