/**
 * The most frequent reads over 64 connections, beside a route that does nothing; and whether a large ledger slows them
 * down.
 */
import { batchesOf, monthOf } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { copyOf, projectedLedgerOf } from '../lib/ledgers.mjs';
import { busiestMonth } from '../lib/projected.mjs';
import { fire, pathOf, pathsOf } from '../lib/reads.mjs';
import { sendAll } from '../lib/send.mjs';
import { startPeer, startService } from '../lib/service.mjs';

export const name = 'queries';

/** Starts a service on a copy of a ledger with this many events. */
async function serve(events) {
  const folder = projectedLedgerOf(events);
  const copy = copyOf(folder);
  const service = await startService({ DATA_DIR: copy.folder });
  const period = busiestMonth(folder);
  return {
    service,
    paths: (what) => pathsOf(what, folder, period),
    async stop() {
      await service.stop();
      copy.remove();
    },
  };
}

export async function measure({ rounds, quick }) {
  const seconds = quick ? 2 : 6;
  const [few, many, logs] = quick ? [10_000, 100_000, 10_000] : [10_000, 1_000_000, 100_000];
  const nothing = await startPeer('nothing');
  const small = await serve(few);
  const large = await serve(many);
  const figures = {};
  const note = async (key, service, paths) => {
    figures[key] = [...(figures[key] ?? []), await fire(service, paths, seconds)];
  };
  try {
    const month = monthOf({ users: 1, logs, order: 'time', month: '2026-10', name: 'long' });
    await sendAll(large.service, batchesOf(month, 1_000));
    for (let round = 0; round < rounds; round += 1) {
      for (const what of ['summary', 'page']) {
        await note(`${what}-nothing`, nothing, ['/nothing']);
        await note(`${what}-small`, small.service, small.paths(what));
        await note(`${what}-large`, large.service, large.paths(what));
        const long = pathOf(what, 'long-user-0', '2026-10');
        await note(`${what}-long`, large.service, [long]);
      }
    }
  } finally {
    await Promise.all([nothing.stop(), small.stop(), large.stop()]);
  }
  const unit = 'requests/s';
  return [
    ['summary', 'usage summary', 0.5, 0.8],
    ['page', 'page of 50 usage logs', 0.3, 0.5],
  ].flatMap(([key, what, floor, goal]) => {
    const beside = (part, label) => ({ what: label, values: figures[`${key}-${part}`] });
    const small_ = beside('small', `at ${few} events`);
    return [
      line({
        what: `${what}, 64 connections, ${few} events`,
        unit,
        ours: figures[`${key}-small`],
        over: beside('nothing', 'a route that does nothing'),
        floor,
        goal,
      }),
      line({
        what: `${what}, ${many} events`,
        unit,
        ours: figures[`${key}-large`],
        over: small_,
        floor: 0.8,
        goal: 1,
      }),
      line({
        what: `${what} of a user of ${logs} logs`,
        unit,
        ours: figures[`${key}-long`],
        over: small_,
        floor: 0.8,
        goal: 1,
      }),
    ];
  });
}
