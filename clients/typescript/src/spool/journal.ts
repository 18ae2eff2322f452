import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import type { CloudEvent } from '../producer/facts.js';
import { FILE_MODE, FOLDER_MODE, namesIn, remove, writeAll } from './files.js';

const KEY_LENGTH = 22;
const TIME_LENGTH = 24;
const RECORD_BYTES = KEY_LENGTH + 1 + TIME_LENGTH + 1;
const RECORD = /^[A-Za-z0-9_-]{22} (?:[0-9-]{10}T[0-9:.]{12}Z|-{24})$/;
const FORGOTTEN = '-'.repeat(TIME_LENGTH);
const NONE = '';
const READ_BYTES = 1024 * RECORD_BYTES;
/** How many facts' times a file has; the newest two files count. */
const FILE_FACTS = 50_000;
const NAME = /^([0-9]{8})\.times$/;

/**
 * The first time of each fact that was told from this folder lately, by any process: told again, by a worker that ran into a
 * crash, a fact has the same content. Of two processes at once, the one whose line is first in the file gives the time. It is
 * not synced: what a power cut takes of it, the ledger answers for.
 */
export class Journal {
  private readonly folder: string;
  private generation: number;
  private file: TimesFile;
  private before: ReadonlyMap<string, string>;

  /** @throws system errors. */
  constructor(
    spool: string,
    private readonly fileFacts = FILE_FACTS,
  ) {
    this.folder = join(spool, 'journal');
    mkdirSync(this.folder, { recursive: true, mode: FOLDER_MODE });
    const [newest = 1, older] = this.generations();
    this.generation = newest;
    this.before = older === undefined ? new Map() : this.timesOf(older);
    this.file = new TimesFile(this.pathOf(newest));
    this.catchUp();
  }

  /** The event as it was told first. */
  asFirstTold(event: CloudEvent): { readonly event: CloudEvent; readonly again: boolean } {
    const key = keyOf(event);
    this.catchUp();
    const known = this.file.times.get(key) ?? this.before.get(key);
    if (known !== undefined && known !== NONE) {
      return { event: { ...event, time: known }, again: true };
    }
    this.file.append(`${key} ${event.time}\n`);
    this.catchUp();
    const time = this.file.times.get(key) ?? event.time;
    return { event: { ...event, time }, again: time !== event.time };
  }

  /** Forgets a time that the ledger does not take: told again, the fact has another one. */
  forget(event: CloudEvent): void {
    this.file.append(`${keyOf(event)} ${FORGOTTEN}\n`);
  }

  close(): void {
    this.file.close();
  }

  /** Reads what others wrote; goes on to the next file when this one is full. */
  private catchUp(): void {
    this.file.readOn();
    while (this.file.read >= this.fileFacts * RECORD_BYTES) {
      this.before = this.file.times;
      this.file.close();
      this.generation += 1;
      this.file = new TimesFile(this.pathOf(this.generation));
      this.file.readOn();
      for (const old of this.generations()) {
        if (old < this.generation - 1) remove(this.pathOf(old));
      }
    }
  }

  private timesOf(generation: number): ReadonlyMap<string, string> {
    const file = new TimesFile(this.pathOf(generation));
    file.readOn();
    file.close();
    return file.times;
  }

  /** The files there are, newest first. */
  private generations(): number[] {
    const numbers = namesIn(this.folder).flatMap((name) => NAME.exec(name)?.[1] ?? []);
    return numbers.map(Number).sort((a, b) => b - a);
  }

  private pathOf(generation: number): string {
    return join(this.folder, `${String(generation).padStart(8, '0')}.times`);
  }
}

/** A file that any number of processes append records of one length to. */
class TimesFile {
  readonly times = new Map<string, string>();
  read = 0;
  private readonly descriptor: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'a+', FILE_MODE);
  }

  append(record: string): void {
    writeAll(this.descriptor, Buffer.from(record));
  }

  /** Takes in what was appended since. The first time of a fact counts. */
  readOn(): void {
    const { size } = fstatSync(this.descriptor);
    const buffer = Buffer.alloc(Math.min(READ_BYTES, Math.max(0, size - this.read)));
    while (this.read < size) {
      const length = readSync(this.descriptor, buffer, 0, buffer.length, this.read);
      const whole = buffer.subarray(0, length).lastIndexOf(0x0a) + 1;
      if (whole === 0 && length < READ_BYTES) return;
      this.takeIn(buffer.subarray(0, whole).toString('latin1'));
      this.read += whole === 0 ? length : whole;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private takeIn(text: string): void {
    for (const line of text.split('\n')) {
      // Half a record, of a write that was cut short, stands before a whole one.
      const record = line.slice(-RECORD_BYTES + 1);
      if (!RECORD.test(record)) continue;
      const key = record.slice(0, KEY_LENGTH);
      const time = record.slice(KEY_LENGTH + 1);
      if (time === FORGOTTEN) this.times.set(key, NONE);
      else if ((this.times.get(key) ?? NONE) === NONE) this.times.set(key, time);
    }
  }
}

/** What names a fact: its source and id, within its session. */
function keyOf({ source, id, data }: CloudEvent): string {
  const hash = createHash('sha256').update(`${data.session_id}\0${source}\0${id}`);
  return hash.digest('base64url').slice(0, KEY_LENGTH);
}
