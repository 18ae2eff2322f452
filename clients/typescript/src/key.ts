import { ClientError } from './errors.js';

/**
 * A key, or a function that returns it. The function is called before each request, so that a key can change without a
 * restart.
 */
export type Key = string | (() => string | Promise<string>);

const SOUND = /^[\x21-\x7e]+$/;

/** Checks a key that is given as text. @throws ClientError `invalid_key`, which does not repeat it. */
export function checkKey(key: Key | undefined): void {
  if (key !== undefined && typeof key !== 'function') soundKey(key);
}

/** A key function did not return a key in time. */
export class LateKeyError extends Error {
  constructor() {
    super('The key function did not answer in time.');
  }
}

/**
 * Returns the header for a key, if there is one.
 * @param signal ends the wait for a key function, which may never answer.
 * @throws ClientError `invalid_key`, which does not repeat it; LateKeyError once the signal aborts; what the function
 * throws.
 */
export async function authorization(
  key: Key | undefined,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const token = typeof key === 'function' ? await untilAborted(signal, key()) : key;
  return token === undefined ? {} : { authorization: `Bearer ${soundKey(token)}` };
}

function untilAborted(signal: AbortSignal, asked: string | Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new LateKeyError());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    void Promise.resolve(asked)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Trims a key, because one read from a file may end in a line break. */
function soundKey(key: unknown): string {
  const trimmed = typeof key === 'string' ? key.trim() : '';
  if (trimmed === '') {
    const message = 'The key is empty. Is the variable that it comes from set?';
    throw new ClientError('invalid_key', message);
  }
  // Checked here, because the platform's own error would repeat the key.
  if (SOUND.test(trimmed)) return trimmed;
  throw new ClientError('invalid_key', 'The key contains characters that no key has.');
}
