import { resolve } from 'node:path';

/** The value of a variable; `undefined` where there is none. */
export type Get = (name: string) => string | undefined;

/** A file path or a `file://` address; the standard one where there is none, or a mistake. */
export function readPath(name: string, get: Get, standard: string, mistakes: string[]): string {
  const value = get(name);
  if (value === undefined) return standard;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
  if (scheme === undefined) return resolve(value);
  if (scheme === 'file') return resolve(decodeURIComponent(new URL(value).pathname));
  mistakes.push(`${name} is a ${scheme}:// address, which is not taken here.`);
  return standard;
}
