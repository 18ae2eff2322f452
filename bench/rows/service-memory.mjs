/** Resident memory of the service under full ingest from many users. */
import { disorderlyBatches } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { sendAll } from '../lib/send.mjs';
import { residentMb, startService } from '../lib/service.mjs';

export const name = 'service-memory';

const USERS = 50_000;
const BATCHES = 20;

/** @param seconds how long events are sent; ten minutes by default. */
export async function measure({ quick, seconds = quick ? 20 : 600 }) {
  const service = await startService();
  const until = performance.now() + seconds * 1_000;
  const seen = [];
  const rates = [];
  try {
    for (let round = 0; performance.now() < until; round += 1) {
      const batches = disorderlyBatches(`m${round}`, BATCHES, { users: USERS, seed: round });
      rates.push((await sendAll(service, batches)).upToDate);
      seen.push(residentMb(service.pid));
    }
  } finally {
    await service.stop();
  }
  const half = seen.slice(Math.floor(seen.length / 2));
  const last = half.slice(Math.floor(half.length / 2));
  const first = half.slice(0, Math.ceil(half.length / 2));
  const most = (values) => Math.max(...values);
  return [
    line({
      what: `memory of the service, ${seconds} s of full ingest, ${USERS} users, the most`,
      unit: 'MB',
      ours: [most(seen)],
      floor: 500,
      goal: 300,
      less: true,
    }),
    line({
      what: 'the same, the last quarter',
      unit: 'MB',
      ours: [most(last)],
      over: { what: 'the quarter before', values: [most(first)] },
      less: true,
    }),
    line({ what: 'ingest meanwhile, up to date', unit: 'events/s', ours: rates }),
  ];
}
