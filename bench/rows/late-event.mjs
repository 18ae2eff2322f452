/**
 * One late event at the start of a long statement: how long until the summary includes it, and how long other requests
 * wait meanwhile.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { batchesOf, completed, monthOf } from '../lib/events.mjs';
import { line, longerWait } from '../lib/figures.mjs';
import { get, longestWait, post, sendAll, summaryPath } from '../lib/send.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'late-event';

const MONTH = '2026-10';
const LATE = 7;
const flat = { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 };
const volume = {
  tier_mode: 'volume',
  tiers: [
    { up_to_minutes: '100', amount: '0.024' },
    { up_to_minutes: null, amount: '0.015' },
  ],
};

async function withPrice(label, price, logs) {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const card = join(folder, 'card.json');
  const effective_from = '1970-01-01T00:00:00Z';
  writeFileSync(
    card,
    JSON.stringify({ currency: 'TWD', effective_from, prices: { default: price } }),
  );
  const service = await startService({ RATE_CARD_FILE: card });
  try {
    const events = monthOf({ users: 1, logs, order: 'time', month: MONTH, name: 'long' });
    await sendAll(service, batchesOf(events, 1_000));
    const other = summaryPath('other', `period=${MONTH}`);
    const times = [];
    const waits = { during: [], without: [] };
    for (let number = 0; number < LATE; number += 1) {
      waits.without.push(await longestWait(service, other, () => sleep(500)));
      const time = Date.parse(`${MONTH}-01T00:00:00Z`) + (LATE - number) * 1_000;
      const late = completed(`late-${number}`, 'long-user-0', time);
      const send = async () => {
        const began = performance.now();
        const position = await post(service, JSON.stringify([late]));
        const path = summaryPath('long-user-0', `period=${MONTH}&at_least=${position}`);
        const { transcriptions } = await get(service, path);
        times.push(performance.now() - began);
        if (transcriptions !== logs + number + 1) throw new Error(`${transcriptions} logs`);
      };
      waits.during.push(await longestWait(service, other, send));
    }
    return [
      line({
        what: `one late event before ${logs} logs, ${label}, until the summary has it`,
        unit: 'ms',
        ours: times,
        floor: 1_000,
        goal: 250,
        less: true,
      }),
      longerWait(waits),
    ];
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true });
  }
}

export async function measure({ quick }) {
  const logs = quick ? 10_000 : 100_000;
  return [
    ...(await withPrice('flat price', flat, logs)),
    ...(await withPrice('volume tiers', volume, logs)),
  ];
}
