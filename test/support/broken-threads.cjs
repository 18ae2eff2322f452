/**
 * Loaded before the program (NODE_OPTIONS=--require): its threads do what a file in the folder BREAK_FOLDER says, named after
 * their program: `projection-thread` or `worker-thread`. It says `throw`, `exit`, or for how many milliseconds to hang. The
 * file is gone once it was read; nothing in the program knows of it.
 */
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { basename, join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const folder = process.env.BREAK_FOLDER;
if (!isMainThread && folder !== undefined) {
  setInterval(() => {
    // Not known yet when this is loaded.
    const file = join(folder, basename(process.argv[1], '.js'));
    if (!existsSync(file)) return;
    const what = readFileSync(file, 'utf8');
    rmSync(file, { force: true });
    if (what === 'throw') throw new Error('broken on purpose');
    if (what === 'exit') process.exit(3);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(what));
  }, 10).unref();
}
