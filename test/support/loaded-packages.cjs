/**
 * Preloaded into the program (NODE_OPTIONS=--require): adds a line to the file LOADED_FILE for each package that a
 * thread of it loads, at once: `cli kysely`, after the thread's program. The program itself knows nothing of it.
 */
const { appendFileSync } = require('node:fs');
const Module = require('node:module');
const { basename } = require('node:path');

const file = process.env.LOADED_FILE;
const resolve = Module._resolveFilename;
const seen = new Set();

Module._resolveFilename = function (...args) {
  const found = resolve.apply(this, args);
  const [, name] =
    /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/.][^\\/]*)[\\/]/.exec(found) ?? [];
  if (file !== undefined && name !== undefined && !seen.has(name)) {
    seen.add(name);
    // The thread's program is not known yet when this file is loaded.
    appendFileSync(file, `${basename(process.argv[1], '.js')} ${name.replace('\\', '/')}\n`);
  }
  return found;
};
