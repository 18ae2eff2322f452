/**
 * Loaded before the program (NODE_OPTIONS=--require): notes in the file HELD_FILE, a line each, for how long the loop of the
 * main thread was held, and when: `<milliseconds since 1970> <milliseconds at work> <milliseconds at work or waiting>`. Time
 * in which the thread would have run but had no processor does not count: a busy machine holds nobody's loop. What it waits
 * for otherwise, such as the disk, depends on who else uses that.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;
const NOTED_MS = 20;

/** For how long this thread, the first of the process, has run and has waited for a processor, in milliseconds. */
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
