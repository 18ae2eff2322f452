/**
 * Loaded before the program (NODE_OPTIONS=--require): notes in the file HELD_FILE, a line each, for how long the loop of the
 * main thread was held, and when: `<milliseconds since 1970> <milliseconds held>`. Time in which the thread would have run
 * but had no processor does not count: a busy machine holds nobody's loop.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;
const NOTED_MS = 20;

/** How long this thread, the first of the process, has waited for a processor, in milliseconds. */
function starved() {
  const [, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e6;
}

const file = process.env.HELD_FILE;
if (isMainThread && file !== undefined) {
  let last = performance.now();
  let waited = starved();
  setInterval(() => {
    const [now, then] = [performance.now(), starved()];
    const held = now - last - (then - waited) - TICK_MS;
    [last, waited] = [now, then];
    if (held > NOTED_MS) appendFileSync(file, `${Date.now()} ${held.toFixed(1)}\n`);
  }, TICK_MS).unref();
}
