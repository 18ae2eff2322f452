/** Batches over HTTP to the whole service, beside the bare door, Emmett on PostgreSQL, and PostgreSQL's COPY. */
import { disorderlyBatches } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { sendAll } from '../lib/send.mjs';
import { startPeer, startService } from '../lib/service.mjs';
import { openPostgres } from '../peers/postgres.mjs';

export const name = 'ingest';

const WARM_UP_BATCHES = 10;
/** Emmett takes events one by one: fewer suffice. */
const EMMETT_BATCHES = 8;

export async function measure({ rounds, quick }) {
  const batches = quick ? 10 : 60;
  const [service, door, postgres] = [
    await startService(),
    await startPeer('bare-door'),
    await openPostgres(),
  ];
  const figures = { door: [], copy: [], emmett: [], acknowledged: [], upToDate: [] };
  try {
    const warm = () => disorderlyBatches('warm', WARM_UP_BATCHES);
    await sendAll(door, warm());
    await sendAll(service, warm());
    await postgres.copy(warm());
    await postgres.emmett(warm().slice(0, 1));
    for (let round = 0; round < rounds; round += 1) {
      const made = (count = batches) => disorderlyBatches(`r${round}`, count, { seed: round });
      figures.door.push((await sendAll(door, made())).acknowledged);
      const { acknowledged, upToDate } = await sendAll(service, made());
      figures.acknowledged.push(acknowledged);
      figures.upToDate.push(upToDate);
      figures.copy.push(await postgres.copy(made()));
      figures.emmett.push(await postgres.emmett(made(EMMETT_BATCHES)));
    }
  } finally {
    await service.stop();
    await door.stop();
    await postgres.stop();
  }
  const what = 'ingest: 1,000 a request, two facts a session, 5,000 users, times in no order';
  const over = (label, values) => ({ what: label, values });
  const { acknowledged, upToDate } = figures;
  const unit = 'events/s';
  const door_ = over('B, the bare door', figures.door);
  return [
    line({ what: `${what}, up to date`, unit, ours: upToDate, over: door_, floor: 0.5, goal: 0.8 }),
    line({
      what: 'the same, acknowledged and durable',
      unit,
      ours: acknowledged,
      over: door_,
      floor: 0.8,
      goal: 1,
    }),
    line({
      what: 'the same, up to date',
      unit,
      ours: upToDate,
      over: over('Emmett on PostgreSQL, 64 at once', figures.emmett),
      floor: 8,
      goal: 12,
    }),
    line({
      what: 'the same, up to date',
      unit,
      ours: upToDate,
      over: over('PostgreSQL COPY, 1,000 a transaction', figures.copy),
      floor: 0.7,
      goal: 1,
    }),
  ];
}
