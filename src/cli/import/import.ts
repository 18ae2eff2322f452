import { MAX_BODY_BYTES } from '../../http/body';
import { terminalOf, withBytesBar } from '../progress';
import { UsageError } from '../usage-error';
import { Counts } from './counts';
import { openDoors, type Door } from './doors';
import { inputOf, sizeOf } from './input';
import { judge, type SoundLine } from './judge';
import { LineSplitter, type Line } from './lines';
import { sendLines } from './send-lines';

const BATCH = 1_000;
/** Half of what the service accepts, in bytes. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** What to import, and how. */
export interface ImportOptions {
  /** `undefined` = standard input. */
  readonly file: string | undefined;
  /** The address of a running service; `undefined` = open the configured ledger. */
  readonly url: string | undefined;
  /** The key for that service; `undefined` = the one that `keyFor` finds. */
  readonly key: string | undefined;
  readonly json: boolean;
}

/**
 * Records CloudEvents from NDJSON. The bytes of each line pass through the service's own endpoint, so the rules are the
 * same. Run again after an interruption, it records what is missing and counts the rest as duplicates.
 */
export async function runImport({ file, url, key, json }: ImportOptions): Promise<void> {
  if (file !== undefined && /\.csv$/i.test(file)) {
    throw new UsageError(
      `${file} is a table, and events are read from NDJSON. The rows of a usage table are read with --usage-logs ${file}.`,
    );
  }
  const size = file === undefined ? 0 : await sizeOf(file);
  const doors = await openDoors({ url, key });
  const counts = new Counts();
  try {
    const read = (onBytes: (bytes: number) => void) =>
      importLines(doors.producer, file, counts, onBytes);
    await withBytesBar('importing', size, read, terminalOf({ json }));
  } catch (error) {
    console.error(`Before it stopped: ${String(counts)} Run it again: it continues from there.`);
    throw error;
  } finally {
    await doors.close();
  }
  if (json) console.log(JSON.stringify(counts));
  else console.log(String(counts));
  if (counts.rejected > 0) process.exitCode = 1;
}

async function importLines(
  { url, key }: Door,
  file: string | undefined,
  counts: Counts,
  onProgress: (bytes: number) => void,
): Promise<void> {
  let batch: SoundLine[] = [];
  let batchBytes = 0;
  let bytes = 0;
  const send = async () => {
    const sent = batch;
    batch = [];
    batchBytes = 0;
    if (sent.length === 0) return;
    const results = await sendLines(url, key, sent);
    results.forEach((result, index) => counts.add(sent[index]!.number, result));
    onProgress(bytes);
  };
  const take = async (line: Line) => {
    const judged = judge(line);
    if (judged.kind === 'blank') return;
    counts.read += 1;
    if (judged.kind === 'refused') return counts.add(line.number, judged.result);
    const { length } = judged.line.bytes;
    if (batch.length >= BATCH || batchBytes + length > BATCH_BYTES) await send();
    batch.push(judged.line);
    batchBytes += length;
  };
  const splitter = new LineSplitter(MAX_BODY_BYTES);
  for await (const chunk of inputOf(file)) {
    bytes += chunk.length;
    for (const line of splitter.take(chunk)) await take(line);
  }
  for (const line of splitter.end()) await take(line);
  await send();
}
