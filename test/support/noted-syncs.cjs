/**
 * Preloaded into the program (NODE_OPTIONS=--require): writes to the file SYNCS_LOG what the program syncs and renames,
 * one line each, in this order. It sees only the blocking calls.
 */
const fs = require('node:fs');

const log = fs.openSync(process.env.SYNCS_LOG, 'a');
const note = (line) => fs.writeSync(log, `${line}\n`);
const names = new Map();
const { openSync, fsyncSync, renameSync } = fs;

fs.openSync = (path, ...more) => {
  const file = openSync(path, ...more);
  names.set(file, path);
  return file;
};
fs.fsyncSync = (file) => {
  fsyncSync(file);
  note(`sync ${names.get(file)}`);
};
fs.renameSync = (from, to) => {
  renameSync(from, to);
  note(`rename ${from}`);
};
