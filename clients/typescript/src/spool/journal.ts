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
/** How many facts' times one file holds. The newest two files are used. */
const FILE_FACTS = 50_000;
const NAME = /^([0-9]{8})\.times$/;

/**
 * The first time of each fact recently reported from this folder, by any process, so that a fact reported again after a
 * crash has the same content. If two processes report a fact at once, the first line in the file wins. The journal is
 * not synced: if a power cut loses some of it, the ledger still finds the duplicates.
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

  /** Returns the event with the time of its first report. */
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

  /** Forgets a time that the ledger refused: if the fact is reported again, it gets a new one. */
  forget(event: CloudEvent): void {
    this.file.append(`${keyOf(event)} ${FORGOTTEN}\n`);
  }

  close(): void {
    this.file.close();
  }

  /** Reads what others wrote, and moves to the next file when this one is full. */
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

  /** Returns the numbers of the files, newest first. */
  private generations(): number[] {
    const numbers = namesIn(this.folder).flatMap((name) => NAME.exec(name)?.[1] ?? []);
    return numbers.map(Number).sort((a, b) => b - a);
  }

  private pathOf(generation: number): string {
    return join(this.folder, `${String(generation).padStart(8, '0')}.times`);
  }
}

/** A file to which any number of processes append records of fixed length. */
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

  /** Reads what was appended since the last call. A fact's first time counts. */
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
      // A write that was cut short leaves part of a record before a whole one.
      const record = line.slice(-RECORD_BYTES + 1);
      if (!RECORD.test(record)) continue;
      const key = record.slice(0, KEY_LENGTH);
      const time = record.slice(KEY_LENGTH + 1);
      if (time === FORGOTTEN) this.times.set(key, NONE);
      else if ((this.times.get(key) ?? NONE) === NONE) this.times.set(key, time);
    }
  }
}

/** Hashes what identifies a fact: its source and id, within its session. */
function keyOf({ source, id, data }: CloudEvent): string {
  const hash = createHash('sha256').update(`${data.session_id}\0${source}\0${id}`);
  return hash.digest('base64url').slice(0, KEY_LENGTH);
}
