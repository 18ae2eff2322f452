import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the version in package.json, which is in some folder above this file, wherever the program was built to. */
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
