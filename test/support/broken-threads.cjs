/**
 * Preloaded into the program (NODE_OPTIONS=--require): makes its threads misbehave. A thread obeys the file in the
 * folder BREAK_FOLDER that is named after its program, `projection-thread` or `worker-thread`. The file contains
 * `throw`, `exit`, or how many milliseconds to hang. It is deleted when it is read; the program itself knows nothing of
 * it.
 */
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { basename, join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const folder = process.env.BREAK_FOLDER;
if (!isMainThread && folder !== undefined) {
  setInterval(() => {
    // The thread's program is not known yet when this file is loaded.
    const file = join(folder, basename(process.argv[1], '.js'));
    if (!existsSync(file)) return;
    const what = readFileSync(file, 'utf8');
    rmSync(file, { force: true });
    if (what === 'throw') throw new Error('broken on purpose');
    if (what === 'exit') process.exit(3);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(what));
  }, 10).unref();
}
