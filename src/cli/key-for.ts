import { readFileSync } from 'node:fs';

import { dataDirOf } from '../config/config';
import { firstKeysFile } from '../security/keys/first-keys';
import type { Role } from '../security/roles';

/**
 * Returns the key with which a command talks to a service: the one given, else MINUTEBOOK_KEY, else the data folder's
 * first key of the role. `undefined` if there is none: the service then says that a key is missing.
 */
export function keyFor(role: Role, given: string | undefined): string | undefined {
  return given ?? (process.env['MINUTEBOOK_KEY']?.trim() || firstKey(role));
}

function firstKey(role: Role): string | undefined {
  try {
    const text = readFileSync(firstKeysFile(dataDirOf(process.env)), 'utf8');
    return (JSON.parse(text) as Partial<Record<Role, string>>)[role];
  } catch {
    // The file was removed, as it should be, or belongs to somebody else.
    return undefined;
  }
}
