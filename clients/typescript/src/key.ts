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
 * @param signals end the wait for a key function, which may never answer.
 * @throws ClientError `invalid_key`, which does not repeat it; LateKeyError once a signal aborts; what the function
 * throws.
 */
export async function authorization(
  key: Key | undefined,
  ...signals: readonly AbortSignal[]
): Promise<Record<string, string>> {
  const token = typeof key === 'function' ? await untilAborted(signals, key()) : key;
  return token === undefined ? {} : { authorization: `Bearer ${soundKey(token)}` };
}

async function untilAborted(
  signals: readonly AbortSignal[],
  asked: string | Promise<string>,
): Promise<string> {
  let stop!: () => void;
  const stopped = new Promise<never>((_, reject) => (stop = () => reject(new LateKeyError())));
  if (signals.some((signal) => signal.aborted)) stop();
  for (const signal of signals) signal.addEventListener('abort', stop);
  try {
    return await Promise.race([asked, stopped]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
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
