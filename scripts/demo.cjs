/**
 * `npm run demo`: the first command in a fresh clone, so it builds what it needs. A service may be running from dist,
 * so it never deletes or changes an existing dist. If dist is older than its sources, the demo runs from a build of its
 * own.
 */
const { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { join } = require('node:path');

const { buildConsole, buildService } = require('./build.cjs');

const SOURCES = [
  'src',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'console/src',
  'console/index.html',
  'console/vite.config.mjs',
  'clients/typescript/src/reader/api.ts',
];
const WEEK_MS = 7 * 86_400_000;

/** When anything below a path was last changed, in milliseconds. A deleted file counts too: it changes its folder. */
function changed(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = readdirSync(path).filter((name) => !name.endsWith('.spec.ts'));
  return Math.max(found.mtimeMs, ...names.map((name) => changed(join(path, name))));
}

/** Returns the folder of a build of the current sources; builds it if there is none. */
function builtFolder(root, build) {
  const newest = Math.max(...SOURCES.map((name) => changed(join(root, name))));
  const dist = join(root, 'dist');
  const made = statSync(join(dist, 'cli.js'), { throwIfNoEntry: false })?.mtimeMs;
  // An installed package has no sources.
  if (made !== undefined && (made >= newest || !existsSync(join(root, 'src')))) return dist;
  const cache = join(root, 'node_modules/.cache/minutebook-demo');
  const own = made === undefined ? dist : join(cache, String(Math.floor(newest)));
  if (existsSync(join(own, 'cli.js'))) return own;
  mkdirSync(cache, { recursive: true });
  forgetOld(cache);
  const partial = join(cache, `partial-${process.pid}`);
  try {
    build(partial);
    renameSync(partial, own);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another demo may have finished the same build first.
    if (!existsSync(join(own, 'cli.js'))) throw error;
  }
  return own;
}

/** Deletes builds older than a week: no demo runs from them any more. */
function forgetOld(cache) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > WEEK_MS) rmSync(path, { recursive: true });
  }
}

/** Builds as `npm run build` does, into another folder, but without the guide, to keep the first run short. */
function build(root) {
  return (folder) => {
    console.error('Building Minutebook…');
    buildService(root, folder);
    buildConsole(root, folder);
  };
}

function main() {
  const root = join(__dirname, '..');
  let file;
  try {
    file = join(builtFolder(root, build(root)), 'cli.js');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  process.argv.splice(1, process.argv.length, file, 'demo', ...process.argv.slice(2));
  require(file);
}

module.exports = { builtFolder };
if (require.main === module) main();
