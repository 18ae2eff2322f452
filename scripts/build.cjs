/**
 * `npm run build`: the service, the console and the guide; `npm run build:service`: the service alone; `npm run
 * docs:build`: the guide alone. Each is built beside the old one and swapped in at the end, so a service that runs from
 * dist never lacks its files, and a failed build changes nothing. A running service uses the new build from its next
 * start.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const ROOT = join(__dirname, '..');

/** Makes a folder beside its final path, and moves it there once it is complete. */
function makeBeside(place, make) {
  const [next, last] = ['next', 'last'].map((name) => `${place}-${name}`);
  forget(next);
  try {
    make(next);
  } catch (error) {
    forget(next);
    throw error;
  }
  forget(last);
  // A rename cannot replace a folder that is not empty, so for a moment there is no folder.
  if (existsSync(place)) renameSync(place, last);
  renameSync(next, place);
  forget(last);
}

/** Compiles the service into another folder, with the settings of nest-cli.json. */
function buildService(root, folder) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const config = join(cache, `tsconfig-${process.pid}.json`);
  const settings = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: { outDir: folder },
  };
  writeFileSync(config, JSON.stringify(settings));
  try {
    const nest = require.resolve('@nestjs/cli/bin/nest.js', { paths: [root] });
    run([nest, 'build', '--path', relative(root, config)], root);
  } finally {
    forget(config);
  }
  // Nest's compiler does not always report in its exit status that it wrote nothing.
  if (!existsSync(join(folder, 'cli.js'))) fail();
}

/** Builds the console's files, beside the service's code. */
function buildConsole(root, folder) {
  const vite = binOf(root, 'vite/bin/vite.js');
  const out = join(folder, 'public');
  run([vite, 'build', '--logLevel', 'warn', '--outDir', out], join(root, 'console'));
}

/** Builds the guide as a site. */
function buildGuide(root, folder) {
  run([binOf(root, 'vitepress/bin/vitepress.js'), 'build', 'docs', '--outDir', folder], root);
}

const binOf = (root, name) => join(root, 'node_modules', name);
const forget = (path) => rmSync(path, { recursive: true, force: true });

/**
 * Runs a program with Node. Its output goes to standard error, because machines read the standard output of `npm pack
 * --json`.
 */
function run(args, cwd) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail();
}

function fail() {
  throw new Error('The build failed: the output above says why.');
}

const DIST = join(ROOT, 'dist');
const WAYS = {
  all: () =>
    makeBeside(DIST, (folder) => {
      buildService(ROOT, folder);
      buildConsole(ROOT, folder);
      buildGuide(ROOT, join(folder, 'site'));
    }),
  service: () => makeBeside(DIST, (folder) => buildService(ROOT, folder)),
  guide: () => {
    const site = join(DIST, 'site');
    mkdirSync(dirname(site), { recursive: true });
    makeBeside(site, (folder) => buildGuide(ROOT, folder));
  },
};

function main([way = 'all']) {
  try {
    WAYS[way]();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

module.exports = { makeBeside, buildService, buildConsole };
if (require.main === module) main(process.argv.slice(2));
