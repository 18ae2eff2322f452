import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { syncNow } from '../../lib/sync-folder';
import { ROLES, type Role } from '../roles';
import type { ApiKeys, HashedKey } from './api-keys';
import { makeKey } from './new-key';

/** Returns the path of the file with the data folder's first keys: a JSON object with one key for each role. */
export function firstKeysFile(dataDir: string): string {
  return join(dataDir, 'initial-keys.json');
}

/**
 * Makes the first keys, one for each role, if no key was ever made. They go to a file that only its owner can read.
 * @returns the file's path if keys were made.
 */
export async function makeFirstKeys(
  keys: Pick<ApiKeys, 'begin'>,
  dataDir: string,
  now: number,
): Promise<string | undefined> {
  const path = firstKeysFile(dataDir);
  const made = await keys.begin((pepper) => {
    const texts: Partial<Record<Role, string>> = {};
    const hashed = ROLES.map((role): HashedKey => {
      const unbound = { source: null, userId: null, expiresAt: null };
      const one = makeKey({ role, name: `initial-${role}`, ...unbound }, pepper, now);
      texts[role] = one.text;
      return one.hashed;
    });
    // Write the texts before the keys become valid. Otherwise a failure could leave keys whose texts nobody has.
    writeSecret(path, `${JSON.stringify(texts, undefined, 2)}\n`);
    return hashed;
  });
  return made ? path : undefined;
}

/** Writes a file that only its owner can read, whole or not at all. It is on disk when this returns. */
function writeSecret(path: string, text: string): void {
  const folder = dirname(path);
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const file = openSync(beside, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncNow(folder);
  if (made !== undefined) syncNow(dirname(made));
}
