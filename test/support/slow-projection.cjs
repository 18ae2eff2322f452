/**
 * Loaded before the program (NODE_OPTIONS=--require): each event takes the projection SLOW_MS milliseconds, as on a machine
 * that is busy with other things. Says at the end how many events it slowed down; nothing in the program knows of it.
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
