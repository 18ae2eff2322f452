/** Single events over 64 connections, beside a route that does nothing. */
import { cannon } from '../lib/cannon.mjs';
import { line } from '../lib/figures.mjs';
import { startPeer, startService } from '../lib/service.mjs';

export const name = 'single';

export async function measure({ rounds, quick }) {
  const seconds = quick ? 2 : 8;
  const [service, nothing] = [await startService(), await startPeer('nothing')];
  const headers = {
    'content-type': 'application/cloudevents+json',
    authorization: `Bearer ${service.keys.producer}`,
  };
  const figures = { ours: [], over: [], p99: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const order = { method: 'POST', headers, seconds, name: `r${round}` };
      const peer = await cannon({ ...order, url: nothing.url });
      const own = await cannon({ ...order, url: service.url });
      // The first round warms up.
      if (round === 0) continue;
      figures.over.push(peer.per_second);
      figures.ours.push(own.per_second);
      figures.p99.push(own.p99_ms);
    }
  } finally {
    await service.stop();
    await nothing.stop();
  }
  return [
    line({
      what: 'single events, 64 connections, durable',
      unit: 'requests/s',
      ours: figures.ours,
      over: { what: 'a route that does nothing', values: figures.over },
      floor: 0.4,
      goal: 0.7,
    }),
    line({ what: 'the same, 99th percentile', unit: 'ms', ours: figures.p99, less: true }),
  ];
}
