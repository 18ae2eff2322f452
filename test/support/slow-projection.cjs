/**
 * Preloaded into the program (NODE_OPTIONS=--require): delays the projection by SLOW_MS milliseconds per event, as a
 * busy machine would. At the end it prints how many events it delayed; the program itself knows nothing of it.
 */
const Module = require('node:module');
const { setTimeout: sleep } = require('node:timers/promises');

const slowMs = Number(process.env.SLOW_MS);
const load = Module._load;
let slowed = 0;

Module._load = (request, ...rest) => {
  const loaded = load(request, ...rest);
  if (/[\\/]billing-fold$/.test(request) && !loaded.BillingFold.slow) {
    loaded.BillingFold.slow = true;
    const { fold } = loaded.BillingFold.prototype;
    loaded.BillingFold.prototype.fold = async function (events, ...others) {
      slowed += events.length;
      await sleep(events.length * slowMs);
      return fold.call(this, events, ...others);
    };
  }
  return loaded;
};

process.on('exit', () => process.stderr.write(`slowed down: ${slowed} events\n`));
