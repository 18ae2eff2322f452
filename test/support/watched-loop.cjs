/**
 * Preloaded into the program (NODE_OPTIONS=--require): writes to the file HELD_FILE when, and for how long, the main
 * thread's event loop was blocked, one line each: `<milliseconds since 1970> <milliseconds at work> <milliseconds at
 * work or waiting>`. Time in which the thread was ready but had no processor does not count, because a busy machine is
 * not the program's fault. Other waits, such as for the disk, depend on who else uses it.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;
const NOTED_MS = 20;

/** How long this thread, the first of the process, has run and has waited for a processor, in milliseconds. */
function times() {
  const [ran, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
}

const file = process.env.HELD_FILE;
if (isMainThread && file !== undefined) {
  let last = { at: performance.now(), ...times() };
  setInterval(() => {
    const now = { at: performance.now(), ...times() };
    const ran = now.ran - last.ran;
    const held = now.at - last.at - (now.waited - last.waited) - TICK_MS;
    last = now;
    if (held > NOTED_MS) {
      appendFileSync(file, `${Date.now()} ${ran.toFixed(1)} ${held.toFixed(1)}\n`);
    }
  }, TICK_MS).unref();
}
