/**
 * Builds the package into `dist` (or the folder given): ES modules and CommonJS, each with its types. The part for
 * browsers is also compiled without Node's types, to prove that it does not use Node.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = resolve(process.argv[2] ?? join(folder, 'dist'));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

function compile(project, ...more) {
  execFileSync(process.execPath, [tsc, '-p', join(folder, project), ...more], { stdio: 'inherit' });
}

rmSync(dist, { recursive: true, force: true });
compile('tsconfig.reader.json');
for (const [kind, project, type] of [
  ['esm', 'tsconfig.json', 'module'],
  ['cjs', 'tsconfig.cjs.json', 'commonjs'],
]) {
  mkdirSync(join(dist, kind), { recursive: true });
  compile(project, '--outDir', join(dist, kind));
  writeFileSync(join(dist, kind, 'package.json'), `${JSON.stringify({ type })}\n`);
}
