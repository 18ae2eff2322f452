/**
 * Prepares a smoke run on another version of Node than the one that runs the tests:
 *
 *     node scripts/other-node.mjs 22
 *
 * Installs that Node from the npm registry (the package `node`, which includes its headers) and, with it, the service's
 * dependencies, into node_modules/.cache/other-node/22. Below Node 24 it compiles better-sqlite3, which takes minutes
 * and needs a C++ compiler and Python. Then `npx jest test/e2e/other-node.spec.ts` runs the service on it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const version = process.argv[2] ?? '';
if (!/^\d+(\.\d+\.\d+)?$/.test(version)) {
  console.error('Name the version: node scripts/other-node.mjs 22');
  process.exit(2);
}
const folder = join(ROOT, 'node_modules/.cache/other-node', version);
const own = join(folder, 'node');
const app = join(folder, 'app');

function npm(args, cwd, environment = {}) {
  execFileSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(own, { recursive: true });
writeFileSync(join(own, 'package.json'), '{"private":true,"allowScripts":{"node":true}}\n');
npm(['install', `node@${version}`], own);
const bin = join(own, 'node_modules/node/bin');
const node = join(bin, 'node');
const ran = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
const headers = join(
  own,
  `node_modules/node/node_modules/node-${process.platform}-${process.arch}`,
);

for (const name of ['package.json', 'package-lock.json', 'console/package.json']) {
  cpSync(join(ROOT, name), join(app, name));
}
// From Node 24 on, better-sqlite3 13 is used, which ships its binary.
const compiles = Number.parseInt(version, 10) < 24;
npm(['ci', '--omit=dev', ...(compiles ? [] : ['--ignore-scripts'])], app, {
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  // Compiles with this Node's own headers, so nothing is downloaded from elsewhere.
  npm_config_nodedir: headers,
  npm_config_build_from_source: 'true',
});
writeFileSync(join(folder, 'ready'), `${ran}\n`);
console.log(`Node ${ran} is ready: npx jest test/e2e/other-node.spec.ts`);
