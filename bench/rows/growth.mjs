/** What a larger ledger costs: the same measurements on ledgers of 10,000 to 5,000,000 events. */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { completed, disorderlyBatches } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { copyOf, ledgerOf, rebuildIn } from '../lib/ledgers.mjs';
import { busiestMonth, userOfAbout } from '../lib/projected.mjs';
import { fire, pathsOf } from '../lib/reads.mjs';
import { get, post, sendAll, summaryPath } from '../lib/send.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'growth';

/** The logs of the user who gets the late event: as many as most users of each ledger have. */
const LOGS = 40;
const LATE = 7;

const bytes = (folder, file) => statSync(join(folder, file)).size;

/** @returns the figures of each measurement on a ledger of this many events. */
async function figuresOf(events, { rounds, seconds }) {
  const copy = copyOf(ledgerOf(events), ['events.db', 'keys.db']);
  try {
    const { folder } = copy;
    const began = performance.now();
    rebuildIn(folder);
    const rebuilt = [events / ((performance.now() - began) / 1_000)];
    const stored = [bytes(folder, 'events.db') / events];
    const derived = [bytes(folder, 'read-models.db') / events];
    const asked = await questions(folder, { rounds, seconds });
    return { rebuilt, stored, derived, ...asked };
  } finally {
    copy.remove();
  }
}

async function questions(folder, { rounds, seconds }) {
  const month = busiestMonth(folder);
  const { user } = userOfAbout(folder, LOGS);
  const figures = { start: [], summary: [], page: [], late: [], ingest: [] };
  // The first start looks through the whole ledger for erasures that its keys have not seen.
  await (await startService({ DATA_DIR: folder })).stop();
  for (let round = 0; round < rounds; round += 1) {
    const service = await startService({ DATA_DIR: folder });
    try {
      figures.start.push(service.startMs);
      for (const what of ['summary', 'page']) {
        figures[what].push(await fire(service, pathsOf(what, folder, month), seconds));
      }
      for (let number = 0; number < LATE; number += 1) {
        figures.late.push(await lateMs(service, user, `late-${round}-${number}`, month));
      }
      const batches = disorderlyBatches(`g${round}`, 20, { seed: round });
      figures.ingest.push((await sendAll(service, batches)).upToDate);
    } finally {
      await service.stop();
    }
  }
  return figures;
}

/** How long one event at the beginning of a user's month takes until the summary includes it. */
async function lateMs(service, user, session, month) {
  const began = performance.now();
  const time = Date.parse(`${month}-01T00:00:01Z`);
  const position = await post(service, JSON.stringify([completed(session, user, time)]));
  await get(service, summaryPath(user, `period=${month}&at_least=${position}`));
  return performance.now() - began;
}

const QUESTIONS = [
  ['ingest', 'ingest, 5,000 users, times in no order, up to date', 'events/s'],
  ['summary', 'usage summary, 64 connections', 'requests/s'],
  ['page', 'page of 50 usage logs, 64 connections', 'requests/s'],
  ['late', `one late event of a user of ${LOGS} logs, until the summary has it`, 'ms'],
  ['rebuilt', 'rebuild', 'events/s'],
  ['start', 'start, until it listens', 'ms'],
  ['stored', 'events on disk', 'bytes an event'],
  ['derived', 'read models on disk', 'bytes an event'],
];

export async function measure({ rounds, quick }) {
  const sizes = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000, 5_000_000];
  const seconds = quick ? 2 : 4;
  const found = [];
  for (const events of sizes) found.push(await figuresOf(events, { rounds, seconds }));
  return QUESTIONS.flatMap(([key, what, unit]) =>
    sizes.map((events, size) =>
      line({ what: `${what}: ${events} events`, unit, ours: found[size][key] }),
    ),
  );
}
