import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { PersonalData, PersonalField, SealedPersonal } from './facts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;
/**
 * How many nonces are drawn from the system's generator at once. A call costs more than the twelve bytes of a nonce.
 */
const NONCES_AT_ONCE = 1_024;

/** A key that seals the personal values of one user. */
export interface PersonalKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

let nonces = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (nonces.length < NONCE_BYTES) nonces = randomBytes(NONCES_AT_ONCE * NONCE_BYTES);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** Binds a sealed text to its user: it does not open under another user's id. */
function boundTo(userId: string): Buffer {
  return Buffer.from(`minutebook personal 2 ${userId}`);
}

/** Seals a fact's personal values (docs/adr/0061). Each call returns a different text. */
export function sealPersonal(
  personal: PersonalData,
  userId: string,
  key: PersonalKey,
): SealedPersonal {
  const nonce = nextNonce();
  const cipher = createCipheriv(ALGORITHM, key.secret, nonce);
  cipher.setAAD(boundTo(userId));
  const text = cipher.update(JSON.stringify(personal), 'utf8');
  const end = cipher.final();
  return {
    key: key.id,
    fields: Object.keys(personal) as PersonalField[],
    sealed: Buffer.concat([nonce, text, end, cipher.getAuthTag()]).toString('base64url'),
  };
}

/** Opens sealed values. Returns `undefined` if the key or user is a different one, or if the text was changed. */
export function openPersonal(
  { sealed }: Pick<SealedPersonal, 'sealed'>,
  userId: string,
  secret: Buffer,
): PersonalData | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, secret, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(userId));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8')) as PersonalData;
  } catch {
    return undefined;
  }
}
