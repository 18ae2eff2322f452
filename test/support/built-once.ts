import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Makes a folder from sources (files, or folders with all that is in them), unless it was made from the same before. Several
 * test processes may do so at once: each makes a folder of its own, and the first to end puts it in place.
 */
export function builtOnce(
  folder: string,
  sources: readonly string[],
  make: (into: string) => void,
): void {
  const from = hashOf(sources);
  if (madeFrom(folder) === from) return;
  const own = `${folder}.${process.pid}`;
  rmSync(own, { recursive: true, force: true });
  mkdirSync(dirname(own), { recursive: true });
  make(own);
  writeFileSync(stampOf(own), from);
  if (madeFrom(folder) !== from) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(own, folder);
  }
  rmSync(own, { recursive: true, force: true });
}

const stampOf = (folder: string) => join(folder, '.made-from');

const madeFrom = (folder: string) =>
  existsSync(stampOf(folder)) ? readFileSync(stampOf(folder), 'utf8') : undefined;

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of sources.flatMap(filesOf)) hash.update(`${path}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
