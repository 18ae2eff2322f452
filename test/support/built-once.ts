import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The age at which a lock counts as abandoned. */
const STALE_MS = 180_000;

/**
 * Makes a folder from sources (files, or folders with all their files), unless it was already made from the same ones.
 * Test processes that need it at the same time wait for the first.
 */
export function builtOnce(
  folder: string,
  sources: readonly string[],
  make: (into: string) => void,
): void {
  const from = hashOf(sources);
  if (madeFrom(folder) === from) return;
  alone(`${folder}.lock`, () => {
    if (madeFrom(folder) === from) return;
    rmSync(folder, { recursive: true, force: true });
    make(folder);
    writeFileSync(stampOf(folder), from);
  });
}

function alone(lock: string, work: () => void): void {
  mkdirSync(dirname(lock), { recursive: true });
  while (!taken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE_MS) rmSync(lock, { recursive: true });
    return false;
  }
}

/** The stamp is beside the folder, so that the folder holds only what was made. */
const stampOf = (folder: string) => `${folder}.made-from`;

const madeFrom = (folder: string) =>
  existsSync(folder) && existsSync(stampOf(folder))
    ? readFileSync(stampOf(folder), 'utf8')
    : undefined;

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
