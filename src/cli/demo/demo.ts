import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createService, type Service } from '../../app/service';
import { readConfig } from '../../config/config';
import { waitAtMost } from '../../lib/wait-at-most';
import { sendBatch } from '../client';
import { Interrupted } from '../failure';
import { withBar } from '../progress';
import { UsageError } from '../usage-error';
import { catchUp } from './catch-up';
import { readDurations } from './durations';
import { printBill, printTotals, readSummaries } from './show';
import { makeTraffic, type WireEvent } from './traffic';
import { counted } from '../../lib/counted';

const BATCH = 1_000;
const SESSIONS = 4_000;
const DEFAULT_SEED = 2026;
/** How long the service may take to stop after a failure, in milliseconds. Its data folder is deleted anyway. */
const CLOSING_MS = 5_000;

/** What the demo sends, and whether it stays up. */
export interface DemoOptions {
  /** A CSV file of real durations; `undefined` = made-up traffic. */
  readonly durations: string | undefined;
  readonly seed: string | undefined;
  readonly stay: boolean;
}

/** Runs the whole demo on a service of its own, with a new data folder and a free port. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const now = Date.now();
  const events = await eventsOf(options, now);
  const stop = new Interruption();
  const dataDir = await mkdtemp(join(tmpdir(), 'minutebook-demo-'));
  // At the very end, because a service that did not stop in time may write to the folder until then.
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  let service: Service | undefined;
  try {
    const environment = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
    service = await createService(readConfig(environment, now), { logger: false });
    console.log(`Minutebook listens on ${service.url}, with a fresh ledger in ${dataDir}.\n`);
    const stays = options.stay || process.stdout.isTTY;
    await Promise.race([
      perform(service, events, options.durations === undefined, join(dataDir, 'rebuilt.db')),
      stop.wanted,
    ]);
    if (stop.isWanted) throw new Interrupted();
    if (stays) {
      const { url, firstKeys } = service;
      console.log(
        `\nLook at it: ${url}/console (finance's console) or ${url}/docs (the API), with a key of ${firstKeys}.`,
      );
      console.log('It stays up until you press Ctrl-C.');
      await stop.wanted;
    }
    await service.close();
  } catch (error) {
    if (service !== undefined) await waitAtMost(CLOSING_MS, service.close());
    throw error;
  }
}

async function eventsOf({ durations, seed }: DemoOptions, now: number): Promise<WireEvent[]> {
  const number = seed === undefined ? DEFAULT_SEED : Number(seed);
  if (!Number.isSafeInteger(number)) throw new UsageError('--seed must be a whole number.');
  if (durations === undefined) return makeTraffic(SESSIONS, now, number);
  const events = await readDurations(durations, now);
  if (events.length === 0) throw new Error(`There is nothing to send: ${durations} has no rows.`);
  return events;
}

async function perform(
  service: Service,
  events: readonly WireEvent[],
  explained: boolean,
  rebuilt: string,
): Promise<void> {
  const { url } = service;
  const key = service.ownKey('reader');
  const position = await send(url, service.ownKey('producer'), events);
  await catchUp(service.projector, Number(position));
  const users = [...new Set(events.map(userOf))];
  const summaries = await readSummaries(url, key, users, position);
  printTotals(summaries, users.length);
  if (explained) await printBill(url, key, summaries);
  await rebuild(service, rebuilt);
}

function userOf(event: WireEvent): string {
  return (event['data'] as { user_id: string }).user_id;
}

/** Sends all events. Returns the last position. */
async function send(url: string, key: string, events: readonly WireEvent[]): Promise<string> {
  const counts = { recorded: 0, duplicate: 0, rejected: 0 };
  const began = performance.now();
  let position = '0';
  await withBar('sending', 'events', events.length, async (bar) => {
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      const sent = await sendBatch(url, JSON.stringify(batch), key);
      position = sent.position;
      for (const result of sent.results) counts[result.status] += 1;
      bar.to(from + batch.length);
    }
  });
  const seconds = (performance.now() - began) / 1_000;
  const rate = Math.round(counts.recorded / seconds);
  console.log(
    `${counted(events.length, 'event')} sent in ${seconds.toFixed(1)} s: ${counts.recorded} recorded (${rate} a second), ${counted(counts.duplicate, 'duplicate')}, ${counts.rejected} rejected.`,
  );
  return position;
}

async function rebuild(service: Service, path: string): Promise<void> {
  const began = performance.now();
  const { position: end } = service.projector.status();
  const differences = await withBar('rebuilding', 'events', end, (bar) =>
    service.rebuildBeside(path, (position) => bar.to(position)),
  );
  const seconds = (performance.now() - began) / 1_000;
  if (differences.length > 0) {
    console.log(JSON.stringify(differences[0], undefined, 2));
    throw new Error(
      'The rebuilt read models differ from the live ones: the first difference is above.',
    );
  }
  console.log(
    `\nThe read models, rebuilt from nothing in ${seconds.toFixed(1)} s, are equal to the live ones, row for row.`,
  );
}

/** Stops and cleans up what was started, whenever Ctrl-C or a signal arrives. */
class Interruption {
  isWanted = false;
  readonly wanted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        this.isWanted = true;
        resolve();
      });
    }
  });
}
