import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Role } from '../../src/security/roles';

/** One key per role, as in `initial-keys.json`. */
export type Keys = Readonly<Record<Role, string>>;

/** The first keys in a data folder where a service was started. */
export function keysOf(dataDir: string): Keys {
  return JSON.parse(readFileSync(join(dataDir, 'initial-keys.json'), 'utf8')) as Keys;
}

/** Like the global `fetch`, to a service, with the key that the path needs. */
export function fetchFrom(
  url: string,
  keys: Keys,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers({ ...bearer(keys, path) });
  new Headers(init.headers).forEach((value, name) => headers.set(name, value));
  return fetch(url + path, { ...init, headers });
}

/** The header that opens a path: a producer's key for events, an admin's for everything else. */
function bearer(keys: Keys, path: string): { authorization: string } {
  const { pathname } = new URL(path, 'http://service');
  return { authorization: `Bearer ${/\/v1\/events$/.test(pathname) ? keys.producer : keys.admin}` };
}
