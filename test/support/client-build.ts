import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { builtOnce } from './built-once';

const ROOT = join(__dirname, '../..');
const CLIENT = join(ROOT, 'clients/typescript');
const BUILT = join(ROOT, 'node_modules/.cache/minutebook-client');

/**
 * Builds the TypeScript client as it is published, unless it was already built from the same sources; returns the
 * build's folder.
 */
export function buildClient(): string {
  const script = join(CLIENT, 'scripts/build.mjs');
  const projects = ['tsconfig.json', 'tsconfig.cjs.json', 'tsconfig.reader.json'];
  const sources = [join(CLIENT, 'src'), script, ...projects.map((name) => join(CLIENT, name))];
  builtOnce(BUILT, sources, (into) => {
    execFileSync(process.execPath, [script, into], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return BUILT;
}
