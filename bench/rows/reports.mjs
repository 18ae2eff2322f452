/** Reads over a whole month, and a summary as of the past, on a large ledger. */
import { setTimeout as sleep } from 'node:timers/promises';

import { line, longerWait } from '../lib/figures.mjs';
import { copyOf, projectedLedgerOf } from '../lib/ledgers.mjs';
import { busiestMonth, userOfAbout } from '../lib/projected.mjs';
import { get, longestWait, summaryPath } from '../lib/send.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'reports';

export async function measure({ rounds, quick }) {
  const events = quick ? 100_000 : 1_000_000;
  const ledger = projectedLedgerOf(events);
  const copy = copyOf(ledger);
  const service = await startService({ DATA_DIR: copy.folder });
  const month = busiestMonth(ledger);
  const { user, logs } = userOfAbout(ledger, 1_000);
  const next = new Date(Date.UTC(...month.split('-').map(Number), 1)).toISOString();
  const trend = `/v1/users/${user}/usage-trend?from=${month}-01T00:00:00Z&to=${next}&group_by=day`;
  const report = `/v1/reports/usage?period=${month}`;
  const other = summaryPath('other', `period=${month}`);
  const figures = { trend: [], report: [], past: [] };
  const waits = { during: [], without: [] };
  const timed = async (path, role) => {
    const began = performance.now();
    await get(service, path, role);
    return performance.now() - began;
  };
  try {
    const { position } = await get(service, report, 'finance');
    await timed(trend);
    for (let round = 0; round < rounds; round += 1) {
      figures.trend.push(await timed(trend));
      figures.report.push(await timed(report, 'finance'));
      // A position that nothing was read as of before, so no past read model is kept for it.
      const place = Number(position) - 1_000 * (round + 1);
      const past = async () => {
        figures.past.push(await timed(summaryPath(user, `period=${month}&as_of=${place}`)));
      };
      waits.without.push(await longestWait(service, other, () => sleep(500)));
      waits.during.push(await longestWait(service, other, past));
    }
  } finally {
    await service.stop();
    copy.remove();
  }
  const unit = 'ms';
  const bounds = (floor, goal) => ({ unit, floor, goal, less: true });
  return [
    line({ what: `trend of a month, ${events} events`, ours: figures.trend, ...bounds(100, 20) }),
    line({ what: `report of a month, ${events} events`, ours: figures.report, ...bounds(100, 20) }),
    line({
      what: `summary as of a place that is new, of a user with ${logs} logs, ${events} events`,
      ours: figures.past,
      ...bounds(500, 100),
    }),
    longerWait(waits),
  ];
}
