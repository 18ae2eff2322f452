/** What it costs if events do not arrive in the order of their times. */
import { batchesOf, monthOf } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { sendAll } from '../lib/send.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'disorder';

export async function measure({ rounds, quick }) {
  const users = 5;
  const logs = quick ? 2_000 : 30_000;
  const run = async (order) => {
    const service = await startService();
    try {
      const events = monthOf({ users, logs, order, month: '2026-10', name: 'user' });
      return (await sendAll(service, batchesOf(events, 500))).upToDate;
    } finally {
      await service.stop();
    }
  };
  const inOrder = [];
  const inNone = [];
  // Each run projects 150,000 events on a service of its own: three runs suffice.
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    inOrder.push(await run('time'));
    inNone.push(await run('random'));
  }
  return [
    line({
      what: `disorder: ${users} users, ${logs} logs each in a month, random order, up to date`,
      unit: 'events/s',
      ours: inNone,
      over: { what: 'in order', values: inOrder },
      floor: 0.5,
      goal: 0.8,
    }),
  ];
}
