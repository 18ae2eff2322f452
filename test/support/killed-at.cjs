/**
 * Preloaded into the program (NODE_OPTIONS=--require): ends the process with SIGKILL right before step KILL_AT of
 * replacing one file by another, or once it has filled KILL_AFTER pages. Both are counted from 1; the program itself
 * knows nothing of them.
 */
const fs = require('node:fs');
const timers = require('node:timers/promises');

const killAfter = Number(process.env.KILL_AFTER);
const { setImmediate } = timers;
let pages = 0;

timers.setImmediate = (...args) => {
  // Counts only the pauses between two pages, not those within a page, where the fold lets other work run.
  const [, , caller] = new Error().stack.split('\n');
  if (/[\\/](cli[\\/]rebuild|projections[\\/]pace)\./.test(caller)) pages += 1;
  if (pages === killAfter) process.kill(process.pid, 'SIGKILL');
  return setImmediate(...args);
};

const killAt = Number(process.env.KILL_AT);
let steps = 0;

for (const name of ['fsyncSync', 'renameSync', 'rmSync']) {
  const real = fs[name];
  fs[name] = (...args) => {
    const other = typeof args[0] === 'string' && !/read-models\.db(?!-(owner|lock))/.test(args[0]);
    if (!other) {
      steps += 1;
      if (steps === killAt) process.kill(process.pid, 'SIGKILL');
    }
    return real(...args);
  };
}
