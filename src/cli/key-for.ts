import { readFileSync } from 'node:fs';

import { dataDirOf } from '../config/config';
import { firstKeysFile } from '../security/keys/first-keys';
import type { Role } from '../security/roles';

/**
 * The key with which a command speaks to a service: the one that it was given, that of MINUTEBOOK_KEY, or the data folder's
 * first one of a role. `undefined` if there is none: the service says that one is missing.
 */
export function keyFor(role: Role, given: string | undefined): string | undefined {
  return given ?? (process.env['MINUTEBOOK_KEY']?.trim() || firstKey(role));
}

function firstKey(role: Role): string | undefined {
  try {
    const text = readFileSync(firstKeysFile(dataDirOf(process.env)), 'utf8');
    return (JSON.parse(text) as Partial<Record<Role, string>>)[role];
  } catch {
    // It was taken away, as it should be, or is somebody else's.
    return undefined;
  }
}
