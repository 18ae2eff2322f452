/** A key, or what gives it: asked before each request, so that a key can be changed without a restart. */
export type Key = string | (() => string | Promise<string>);

const SOUND = /^[\x21-\x7e]+$/;

/** The header that carries a key; none without one. @throws Error if it is no key, without repeating it. */
export async function authorization(key: Key | undefined): Promise<Record<string, string>> {
  const token = typeof key === 'function' ? await key() : key;
  if (token === undefined) return {};
  if (token === '') throw new Error('The key is empty. Is the variable set that it comes from?');
  // The error of the platform would repeat it.
  if (!SOUND.test(token)) throw new Error('The key holds characters that no key has.');
  return { authorization: `Bearer ${token}` };
}
