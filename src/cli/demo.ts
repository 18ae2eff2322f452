import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../config/config';
import { Decimal, print } from '../domain/money';
import { createService, type Service } from '../app/service';
import type { UsageLogView } from '../read-model/views';
import { getJson, sendBatch, type ServiceAddress } from './client';
import { readDurations } from './durations';
import { Progress } from './progress';
import { makeTraffic, type WireEvent } from './traffic';

const BATCH = 1_000;
const SESSIONS = 4_000;
const DEFAULT_SEED = 2026;

/** What of a summary the demo prints. */
interface Summary {
  readonly user_id: string;
  readonly period: string;
  readonly currency: string;
  readonly sessions: number;
  readonly transcriptions: number;
  readonly failed_attempts: number;
  readonly free_retries: number;
  readonly retranscriptions: number;
  readonly total_seconds: string;
  readonly billed_seconds: string;
  readonly billable_minutes: string;
  readonly cost: string;
  readonly cost_cents: number;
}

interface ExplainedLog extends UsageLogView {
  readonly explanation: {
    readonly steps: readonly { readonly step: string; readonly text: string }[];
  };
}

/** The main job, end to end, on a service of its own with a fresh data folder and a free port. */
export async function runDemo(options: {
  readonly durations: string | undefined;
  readonly seed: string | undefined;
  readonly stay: boolean;
}): Promise<void> {
  const seed = options.seed === undefined ? DEFAULT_SEED : Number(options.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed must be a whole number.');
  const now = Date.now();
  const events =
    options.durations === undefined
      ? makeTraffic(SESSIONS, now, seed)
      : await readDurations(options.durations, now);
  if (events.length === 0) throw new Error('There is nothing to send: the file has no rows.');
  const dataDir = await mkdtemp(join(tmpdir(), 'minutebook-demo-'));
  let service: Service | undefined;
  try {
    const environment = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
    service = await createService(readConfig(environment, now), { logger: false });
    console.log(`Minutebook listens on ${service.url}, with a fresh ledger in ${dataDir}.\n`);
    const { url } = service;
    const position = await send({ url, key: service.ownKey('producer') }, events);
    const reader = { url, key: service.ownKey('reader') };
    await show(reader, events, position, options.durations !== undefined);
    await rebuild(service, join(dataDir, 'rebuilt.db'));
    console.log(
      `\nLook at it: ${url}/docs (the API, to try out, with a key of ${service.firstKeys}).`,
    );
    if (options.stay || process.stdout.isTTY) await untilInterrupted();
  } finally {
    await service?.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Sends all events; answers the last position. */
async function send(service: ServiceAddress, events: readonly WireEvent[]): Promise<string> {
  const counts = { recorded: 0, duplicate: 0, rejected: 0 };
  const progress = new Progress('sending events', events.length);
  const began = process.hrtime.bigint();
  let position = '0';
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    const sent = await sendBatch(service, batch);
    position = sent.position;
    for (const result of sent.results) counts[result.status] += 1;
    progress.to(from + batch.length);
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  progress.stop();
  const rate = Math.round(counts.recorded / seconds);
  console.log(
    `${events.length} events sent in ${seconds.toFixed(1)} s: ${counts.recorded} recorded (${rate} a second), ${counts.duplicate} duplicates, ${counts.rejected} rejected.`,
  );
  return position;
}

async function show(
  service: ServiceAddress,
  events: readonly WireEvent[],
  position: string,
  durations: boolean,
): Promise<void> {
  const users = [...new Set(events.map(userOf))];
  const summaries: Summary[] = [];
  const progress = new Progress('reading summaries', users.length);
  for (const [index, user] of users.entries()) {
    const { items } = await getJson<{ items: Summary[] }>(
      service,
      `/v1/users/${encodeURIComponent(user)}/usage-history?months=2&at_least=${position}`,
    );
    summaries.push(...items.filter((one) => one.transcriptions > 0));
    progress.to(index + 1);
  }
  progress.stop();
  printTotals(summaries, users.length);
  if (!durations) {
    const busiest = summaries.reduce((most, one) =>
      one.cost_cents > most.cost_cents ? one : most,
    );
    await printBill(service, busiest);
  }
}

function userOf(event: WireEvent): string {
  return (event['data'] as { user_id: string }).user_id;
}

function printTotals(summaries: readonly Summary[], users: number): void {
  const sum = (value: (one: Summary) => string | number) =>
    print(summaries.reduce((total, one) => total.plus(value(one)), new Decimal(0)));
  const currency = summaries[0]?.currency ?? '';
  console.log(`\nTotals of ${users} users:
  usage logs        ${sum((one) => one.transcriptions)}
  recorded seconds  ${sum((one) => one.total_seconds)}
  billed seconds    ${sum((one) => one.billed_seconds)}
  billed minutes    ${sum((one) => one.billable_minutes)}
  cost              ${sum((one) => one.cost)} ${currency}`);
}

async function printBill(service: ServiceAddress, summary: Summary): Promise<void> {
  const { url } = service;
  const { user_id: user, period, currency } = summary;
  console.log(`\nThe summary of ${user} for ${period} (${url}/v1/users/${user}/usage-summary?period=${period}):
  sessions          ${summary.sessions}
  transcriptions    ${summary.transcriptions} (${summary.retranscriptions} asked for again, ${summary.free_retries} free retries)
  failed attempts   ${summary.failed_attempts}
  billed minutes    ${summary.billable_minutes}
  cost              ${summary.cost} ${currency}, ${summary.cost_cents} cents`);
  const { items } = await getJson<{ items: UsageLogView[] }>(
    service,
    `/v1/users/${user}/usage-logs?period=${period}&limit=500`,
  );
  const chosen =
    items.find((log) => log.billing_reason === 'first_success_after_failure') ?? items[0]!;
  const path = `/v1/usage-logs/${encodeURIComponent(chosen.id)}`;
  const log = await getJson<ExplainedLog>(service, path);
  console.log(`\nOne charge of it, explained (${url}${path}):
  ${log.duration_seconds} s by ${log.stt_provider}, attempt ${log.attempt}, ${log.transcription_type}: ${log.billing_reason}`);
  for (const { step, text } of log.explanation.steps) console.log(`  ${step.padEnd(11)} ${text}`);
}

async function rebuild(service: Service, path: string): Promise<void> {
  console.log('');
  const progress = new Progress('rebuilding', service.projector.status().position);
  const began = process.hrtime.bigint();
  const differences = await service.rebuildBeside(path, (position) => progress.to(position));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  progress.stop();
  if (differences.length > 0) {
    console.log(JSON.stringify(differences[0], undefined, 2));
    throw new Error(
      'The rebuilt read models differ from the live ones: the first difference is above.',
    );
  }
  console.log(
    `The read models, rebuilt from nothing in ${seconds.toFixed(1)} s, are equal to the live ones, row for row.`,
  );
}

function untilInterrupted(): Promise<void> {
  console.log('It stays up until you press Ctrl-C.');
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
