import { readCloudEvent } from '../../../domain/events/cloud-event';
import { parseJson } from '../../../http/body';
import { Problem } from '../../../http/problem';
import { withoutByteOrderMark } from '../../../lib/strict-json';
import type { Json, JsonObject } from '../../../domain/events/facts';
import { terminalOf, withBytesBar } from '../../progress';
import { Counts } from '../counts';
import { openDoors, type Door, type DoorOptions } from '../doors';
import { inputOf, sizeOf } from '../input';
import { isBlank, LineSplitter, type Line } from '../lines';
import type { SoundLine } from '../judge';
import { sendLines } from '../send-lines';
import { factOf } from './fact';
import { readMapping, type Mapping, type MappingOptions } from './mapping';
import { counted } from '../../../lib/counted';

const BATCH = 1_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** The longest line, in bytes. Large, because a line may hold a whole page of the list. */
const MOST_BYTES_A_LINE = 16 * 1024 * 1024;

export interface OpenMeterOptions extends MappingOptions, DoorOptions {
  /** `undefined` = standard input. */
  readonly file: string | undefined;
  /** Reports what can't be recorded, without opening a ledger. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Where an event is in the file. */
type Place = string | number;

/** Sends facts in batches, and counts the verdicts. */
class Sender {
  readonly counts = new Counts();
  /** How many events were of other types. */
  skipped = 0;
  private batch: { readonly place: Place; readonly line: SoundLine }[] = [];
  private bytes = 0;

  /** @param door `undefined` = send nothing, and count what a ledger would refuse in each fact on its own. */
  constructor(
    private readonly mapping: Mapping,
    private readonly door: Door | undefined,
  ) {}

  refuse(place: Place, code: string, detail: string): void {
    this.counts.read += 1;
    this.counts.add(place, { status: 'rejected', code, detail });
  }

  async take(place: Place, item: Json): Promise<void> {
    const told = factOf(item, this.mapping);
    if (told.kind === 'refused') return this.refuse(place, told.code, told.detail);
    this.counts.read += 1;
    if (told.kind === 'skipped') this.skipped += 1;
    else if (this.door === undefined) this.foresee(place, told.event);
    else await this.send(place, told.event);
  }

  async flush(): Promise<void> {
    const sent = this.batch;
    this.batch = [];
    this.bytes = 0;
    if (sent.length === 0 || this.door === undefined) return;
    const lines = sent.map(({ line }) => line);
    const results = await sendLines(this.door.url, this.door.key, lines);
    results.forEach((result, index) => this.counts.add(sent[index]!.place, result));
  }

  toString(): string {
    const { read } = this.counts;
    if (this.door !== undefined) {
      return `${String(this.counts).slice(0, -1)}, ${this.skipped} of other types.`;
    }
    const { rejected } = this.counts;
    return `${counted(read, 'event')} read, ${rejected} can't be recorded, ${this.skipped} of other types. Nothing was recorded.`;
  }

  toJSON(): object {
    return { ...this.counts, skipped: this.skipped };
  }

  private foresee(place: Place, event: JsonObject): void {
    const reading = readCloudEvent(event, Date.now());
    if ('refusal' in reading) this.counts.add(place, { status: 'rejected', ...reading.refusal });
  }

  private async send(place: Place, event: JsonObject): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(event));
    if (this.batch.length >= BATCH || this.bytes + bytes.length > BATCH_BYTES) await this.flush();
    this.batch.push({ place, line: { number: 0, bytes } });
    this.bytes += bytes.length;
  }
}

/**
 * Records events listed by OpenMeter as facts. The options say what each property means. An event that lacks what a
 * fact needs is reported with its line and the reason. If run again, it counts what is recorded as duplicates.
 */
export async function importOpenMeter(options: OpenMeterOptions): Promise<void> {
  const mapping = readMapping(options);
  const { file, dryRun, json } = options;
  const size = file === undefined ? 0 : await sizeOf(file);
  const doors = dryRun ? undefined : await openDoors(options);
  const sender = new Sender(mapping, doors?.producer);
  try {
    const read = (onBytes: (bytes: number) => void) => importFile(sender, file, onBytes);
    await withBytesBar('importing', size, read, terminalOf({ json }));
  } catch (error) {
    console.error(`Before it stopped: ${String(sender)} Run it again: it continues from there.`);
    throw error;
  } finally {
    await doors?.close();
  }
  console.log(json ? JSON.stringify(sender) : String(sender));
  if (sender.counts.rejected > 0) process.exitCode = 1;
}

async function importFile(
  sender: Sender,
  file: string | undefined,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const splitter = new LineSplitter(MOST_BYTES_A_LINE);
  let bytes = 0;
  for await (const chunk of inputOf(file)) {
    for (const line of splitter.take(chunk)) await takeLine(sender, line);
    onProgress((bytes += chunk.length));
  }
  for (const line of splitter.end()) await takeLine(sender, line);
  await sender.flush();
}

async function takeLine(sender: Sender, { number, bytes }: Line): Promise<void> {
  if (bytes === undefined) {
    return sender.refuse(number, 'body_too_large', 'The line is longer than 16 MiB.');
  }
  const content = number === 1 ? withoutByteOrderMark(bytes) : bytes;
  if (isBlank(content)) return;
  let value: Json;
  try {
    value = parseJson(content, 'The line');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const hint = 'Each line must be an event or a page of the list, as `jq -c .` writes it.';
    return sender.refuse(number, error.code, `${error.detail} ${hint}`);
  }
  const items = itemsOf(value);
  if (items === undefined) return sender.take(number, value);
  for (const [index, item] of items.entries())
    await sender.take(`${number}, item ${index + 1}`, item);
}

/** Returns the events of a page: a list (v1), or an object with `items` (v2); `undefined` if it is a single event. */
function itemsOf(value: Json): readonly Json[] | undefined {
  if (Array.isArray(value)) return value as readonly Json[];
  const items = (value as JsonObject | null)?.['items'];
  return Array.isArray(items) ? (items as readonly Json[]) : undefined;
}
