/**
 * The most frequent reads over 64 connections, beside a route that does nothing; and whether a large ledger slows them
 * down.
 */
import { cannon } from '../lib/cannon.mjs';
import { batchesOf, monthOf } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { copyOf, projectedLedgerOf } from '../lib/ledgers.mjs';
import { busiestMonth, usersOf } from '../lib/projected.mjs';
import { sendAll } from '../lib/send.mjs';
import { startPeer, startService } from '../lib/service.mjs';

export const name = 'queries';

const USERS = 500;
const PAGE = 50;
const OF = { summary: 'usage-summary', page: 'usage-logs' };

const pathsOf = (users, what, period) =>
  users.map(
    (user) =>
      `/v1/users/${user}/${OF[what]}?period=${period}${what === 'page' ? `&limit=${PAGE}` : ''}`,
  );

/** Starts a service on a copy of a ledger with this many events. */
async function serve(events) {
  const folder = projectedLedgerOf(events);
  const copy = copyOf(folder);
  const service = await startService({ DATA_DIR: copy.folder });
  const period = busiestMonth(folder);
  return {
    service,
    paths: (what) => {
      // Only full pages can be compared: in a small ledger, most users have a dozen logs.
      const least = what === 'page' ? PAGE : 1;
      return pathsOf(usersOf(folder, period, least, USERS), what, period);
    },
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
  const fire = ({ url, keys }, paths) =>
    cannon({
      ...{ url, method: 'GET', paths, seconds },
      headers: keys ? { authorization: `Bearer ${keys.reader}` } : {},
    });
  const figures = {};
  const note = (key, { per_second }) => (figures[key] = [...(figures[key] ?? []), per_second]);
  try {
    const month = monthOf({ users: 1, logs, order: 'time', month: '2026-10', name: 'long' });
    await sendAll(large.service, batchesOf(month, 1_000));
    for (let round = 0; round < rounds; round += 1) {
      for (const what of ['summary', 'page']) {
        note(`${what}-nothing`, await fire(nothing, ['/nothing']));
        note(`${what}-small`, await fire(small.service, small.paths(what)));
        note(`${what}-large`, await fire(large.service, large.paths(what)));
        const long = pathsOf(['long-user-0'], what, '2026-10');
        note(`${what}-long`, await fire(large.service, long));
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
