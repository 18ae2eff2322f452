import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Role } from '../../src/security/roles';

/** A key a role, as `initial-keys.json` has them. */
export type Keys = Readonly<Record<Role, string>>;

/** The first keys of a data folder, in which a service was started. */
export function keysOf(dataDir: string): Keys {
  return JSON.parse(readFileSync(join(dataDir, 'initial-keys.json'), 'utf8')) as Keys;
}

/** As the global one, to a service, with the key that the path needs. */
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

/** What opens a path to whoever may use it: a producer's key for events, an admin's for the rest. */
function bearer(keys: Keys, path: string): { authorization: string } {
  const { pathname } = new URL(path, 'http://service');
  return { authorization: `Bearer ${/\/v1\/events$/.test(pathname) ? keys.producer : keys.admin}` };
}
