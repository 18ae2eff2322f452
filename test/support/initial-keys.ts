import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Role } from '../../src/security/roles';

/** The keys that a service made at its first start, by role; empty for a service without keys. */
export function initialKeys(dataDir: string): Partial<Record<Role, string>> {
  const path = join(dataDir, 'initial-keys.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
}

/** The header that carries a key. */
export function bearer(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
