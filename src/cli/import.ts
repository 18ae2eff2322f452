import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import { readConfig } from '../config/config';
import { createService, type Service } from '../app/service';
import { addressOf, sendBatch, type SentResult } from './client';
import { Progress } from './progress';

const BATCH = 1_000;
/** Well below the door's 16 MiB, whatever the lines hold. */
const BATCH_BYTES = 8 * 1024 * 1024;
const SHOWN_REJECTIONS = 1_000;

interface Line {
  readonly number: number;
  readonly event: unknown;
}

interface Counts {
  read: number;
  recorded: number;
  duplicate: number;
  rejected: number;
}

/**
 * Records CloudEvents from NDJSON. It goes through the service's own door, so that no other rules hold; running it
 * again after an interruption records what is missing and calls the rest duplicates.
 */
export async function runImport(options: {
  readonly file: string | undefined;
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly json: boolean;
}): Promise<void> {
  const size = options.file === undefined ? undefined : (await stat(options.file)).size;
  const own = options.url === undefined ? await startOwn() : undefined;
  const counts: Counts = { read: 0, recorded: 0, duplicate: 0, rejected: 0 };
  const progress = options.json ? undefined : new Progress('importing', size ?? 0);
  try {
    const service =
      own === undefined
        ? addressOf(options.url!, 'producer', options.key)
        : { url: own.url, key: own.ownKey('producer') };
    for await (const batch of readBatches(options.file, counts, (bytes, lines) => {
      progress?.grow(size ?? lines);
      progress?.to(size === undefined ? lines : Math.min(bytes, size));
    })) {
      const { results } = await sendBatch(
        service,
        batch.map((line) => line.event),
      );
      results.forEach((result, index) => count(counts, batch[index]!.number, result));
    }
  } finally {
    progress?.stop();
    await own?.close();
  }
  report(counts, options.json);
}

function startOwn(): Promise<Service> {
  const environment = { ...process.env, HOST: '127.0.0.1', PORT: '0' };
  return createService(readConfig(environment, Date.now()), { logger: false });
}

async function* readBatches(
  file: string | undefined,
  counts: Counts,
  onProgress: (bytes: number, lines: number) => void,
): AsyncGenerator<readonly Line[]> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  let batch: Line[] = [];
  let bytes = 0;
  let batchBytes = 0;
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    const length = Buffer.byteLength(text) + 1;
    bytes += length;
    if (text.trim() === '') continue;
    counts.read += 1;
    let event: unknown;
    try {
      event = JSON.parse(number === 1 ? text.replace(/^\ufeff/, '') : text);
    } catch {
      count(counts, number, {
        status: 'rejected',
        code: 'invalid_json',
        detail: 'The line is not JSON.',
      });
      continue;
    }
    if (batch.length >= BATCH || batchBytes + length > BATCH_BYTES) {
      yield batch;
      onProgress(bytes, number);
      batch = [];
      batchBytes = 0;
    }
    batch.push({ number, event });
    batchBytes += length;
  }
  if (batch.length > 0) yield batch;
  onProgress(bytes, number);
}

function count(counts: Counts, line: number, result: SentResult): void {
  counts[result.status] += 1;
  if (result.status !== 'rejected' || counts.rejected > SHOWN_REJECTIONS) return;
  const at = result.pointer == null ? '' : ` at ${result.pointer}`;
  console.error(`line ${line}: ${result.code}${at}: ${result.detail}`);
  if (counts.rejected === SHOWN_REJECTIONS) {
    console.error(`(more than ${SHOWN_REJECTIONS} rejections: the rest are counted, not shown)`);
  }
}

function report(counts: Counts, json: boolean): void {
  if (json) console.log(JSON.stringify(counts));
  else {
    console.log(
      `${counts.read} events read: ${counts.recorded} recorded, ${counts.duplicate} duplicate, ${counts.rejected} rejected.`,
    );
  }
  if (counts.rejected > 0) process.exitCode = 1;
}
