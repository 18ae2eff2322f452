import { randomBytes } from 'node:crypto';

import { KEY_BYTES, type PersonalKey } from '../domain/events/sealing';

/** Long enough that no two keys ever get the same id. */
const ID_BYTES = 12;

/** Makes a random key with a random id. It is not stored yet. */
export function newPersonalKey(): PersonalKey {
  return { id: randomBytes(ID_BYTES).toString('base64url'), secret: randomBytes(KEY_BYTES) };
}
