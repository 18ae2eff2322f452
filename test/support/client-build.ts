import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'clients/typescript');
const BUILT = join(ROOT, 'node_modules/.cache/minutebook-client');
const STAMP = join(BUILT, 'made-from');

/** Builds the TypeScript client as it is published, unless it was built from the same; answers the folder of the build. */
export function buildClient(): string {
  const hash = createHash('sha256');
  for (const path of sources())
    hash.update(`${relative(CLIENT, path)}\n`).update(readFileSync(path));
  const from = hash.digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === from) return BUILT;
  const script = join(CLIENT, 'scripts/build.mjs');
  execFileSync(process.execPath, [script, BUILT], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(STAMP, from);
  return BUILT;
}

function sources(): string[] {
  const entries = readdirSync(join(CLIENT, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return [
    ...files.map((entry) => join(entry.parentPath, entry.name)).sort(),
    ...['tsconfig.json', 'tsconfig.cjs.json', 'scripts/build.mjs'].map((name) =>
      join(CLIENT, name),
    ),
  ];
}
