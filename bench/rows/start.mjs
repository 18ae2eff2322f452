/** How long a start takes, and whether a large ledger makes it slower. */
import { line } from '../lib/figures.mjs';
import { copyOf, projectedLedgerOf } from '../lib/ledgers.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'start';

export async function measure({ rounds, quick }) {
  const [few, many] = quick ? [1_000, 100_000] : [1_000, 1_000_000];
  const copies = [few, many].map((events) => copyOf(projectedLedgerOf(events)));
  const start = async ({ folder }) => {
    const { startMs, stop } = await startService({ DATA_DIR: folder });
    await stop();
    return startMs;
  };
  const figures = { small: [], large: [] };
  try {
    for (const copy of copies) await start(copy);
    for (let round = 0; round < rounds; round += 1) {
      figures.small.push(await start(copies[0]));
      figures.large.push(await start(copies[1]));
    }
  } finally {
    for (const copy of copies) copy.remove();
  }
  return [
    line({
      what: `start on ${many} events, until it listens`,
      unit: 'ms',
      ours: figures.large,
      over: { what: `on ${few}`, values: figures.small },
      floor: 2,
      goal: 1.2,
      less: true,
    }),
  ];
}
