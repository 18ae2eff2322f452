/**
 * Rate cards that begin in the past and change no amount: how long events wait meanwhile, how long until the projection
 * has derived all logs again, and in how much memory. One card prices a new provider. The other one's minimum differs
 * and disappears in its increments, so the card must be tried on every user.
 */
import { completed } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { copyOf, projectedLedgerOf } from '../lib/ledgers.mjs';
import { get, post } from '../lib/send.mjs';
import { residentMb, startService } from '../lib/service.mjs';

export const name = 'earlier-card';

/** Does something again and again, until it is stopped. */
function repeat(work) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) await work();
  })();
  return () => {
    stopped = true;
    return done;
  };
}

const CARDS = {
  'for a new provider': (prices) => ({ ...prices, unheard_of: { amount: '0.05' } }),
  'that differs for every user': (prices) =>
    Object.fromEntries(
      Object.entries(prices).map(([name, entry]) => [name, { ...entry, minimum_seconds: '59' }]),
    ),
};

async function publish(service, changed) {
  const { items: cards } = await get(service, '/v1/rate-cards', 'finance');
  const { items: periods } = await get(service, '/v1/billing-periods', 'finance');
  const { rate_card_id: _, ...card } = cards[0];
  const response = await fetch(`${service.url}/v1/rate-cards`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${service.keys.finance}`,
      'content-type': 'application/json',
      'idempotency-key': String(Math.random()),
    },
    body: JSON.stringify({
      ...card,
      effective_from: periods.find(({ state }) => state === 'open').from,
      prices: changed(card.prices),
    }),
  });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()).position;
}

export async function measure({ rounds, quick }) {
  const events = quick ? 100_000 : 1_000_000;
  const lines = [];
  for (const [which, changed] of Object.entries(CARDS)) {
    const figures = { wait: [], answer: [], projected: [], memory: [] };
    for (let round = 0; round < rounds; round += 1) await measureOne(events, changed, figures);
    const what = `a card ${which} from the first open month on, ${events} events`;
    lines.push(
      line({ what: `${what}: the answer`, unit: 'ms', ours: figures.answer }),
      line({
        what: 'the same: the longest that an event takes meanwhile',
        unit: 'ms',
        ours: figures.wait,
      }),
      line({ what: 'the same: until the read model has it', unit: 's', ours: figures.projected }),
      line({ what: 'the same: the most memory', unit: 'MB', ours: figures.memory }),
    );
  }
  return lines;
}

async function measureOne(events, changed, figures) {
  const copy = copyOf(projectedLedgerOf(events));
  const service = await startService({ DATA_DIR: copy.folder });
  try {
    let [wait, most, sent] = [0, 0, 0];
    const stop = repeat(async () => {
      const event = completed(`card-${(sent += 1)}`, 'card-user', Date.now());
      const began = performance.now();
      await post(service, JSON.stringify([event]));
      wait = Math.max(wait, performance.now() - began);
      most = Math.max(most, residentMb(service.pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const began = performance.now();
    const position = await publish(service, changed);
    figures.answer.push(performance.now() - began);
    for (;;) {
      const ready = await fetch(`${service.url}/health/ready`);
      const { read_model: model } = await ready.json();
      if (Number(model?.position) >= Number(position)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    figures.projected.push((performance.now() - began) / 1_000);
    await stop();
    figures.wait.push(wait);
    figures.memory.push(most);
  } finally {
    await service.stop();
    copy.remove();
  }
}
