import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Returns the version in package.json, which is in a folder above this file; which one depends on where the program was
 * built.
 */
export function versionOf(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'minutebook' && version !== undefined) return version;
    } catch {
      // Not in this folder: look further up.
    }
  }
  return 'unknown';
}
