import { ClientError } from './errors.js';

/** A key, or what gives it: asked before each request, so that a key can be changed without a restart. */
export type Key = string | (() => string | Promise<string>);

const SOUND = /^[\x21-\x7e]+$/;

/** Looks at a key that is given once and for all. @throws ClientError `invalid_key`, which does not repeat it. */
export function checkKey(key: Key | undefined): void {
  if (key !== undefined && typeof key !== 'function') soundKey(key);
}

/** The header that carries a key; none without one. @throws ClientError `invalid_key`, which does not repeat it. */
export async function authorization(key: Key | undefined): Promise<Record<string, string>> {
  const token = typeof key === 'function' ? await key() : key;
  return token === undefined ? {} : { authorization: `Bearer ${soundKey(token)}` };
}

/** A key as it is sent: one that was read from a file may end in a line break. */
function soundKey(key: unknown): string {
  const trimmed = typeof key === 'string' ? key.trim() : '';
  if (trimmed === '') {
    const message = 'The key is empty. Is the variable set that it comes from?';
    throw new ClientError('invalid_key', message);
  }
  // The error of the platform would repeat it.
  if (SOUND.test(trimmed)) return trimmed;
  throw new ClientError('invalid_key', 'The key holds characters that no key has.');
}
