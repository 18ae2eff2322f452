import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ClientError } from '../errors.js';
import { codeOf, FOLDER_MODE, namesIn, remove, sizeOf, writeWhole } from './files.js';
import { readLines, toLine } from './line.js';
import { RefusedFacts, type RefusedFact } from './refused.js';
import { Room } from './room.js';
import { Segment, type Kept } from './segment.js';
import { WriterFolder } from './writer-folder.js';

const FORMAT = 'minutebook spool 1\n';
/** The longest event, in bytes. Events within the ledger's bounds have about a tenth of that. */
const MAX_EVENT_BYTES = 256 * 1024;
const SEGMENT_BYTES = 1024 * 1024;
const SEGMENT_LINES = 2_000;
const KEEP_TRIES = 3;

/** A segment that is closed for appending. */
interface Sealed {
  readonly path: string;
  readonly bytes: number;
  /** It must not be sent before this time (milliseconds, `performance.now()`). */
  notBefore: number;
}

/** Where a line was appended, and when it is durable. */
interface Appended {
  readonly segment: Segment;
  readonly durable: Promise<Kept>;
}

/** Whole segments to be sent together; each event is its JSON text. */
export interface Batch {
  readonly parts: readonly { readonly segment: Sealed; readonly texts: readonly string[] }[];
}

/** The outcome for one event of a batch. */
export type Fate = 'settled' | 'later' | RefusedFact;

/**
 * Keeps facts on disk until they are sent. Once {@link keep} has resolved, a fact survives `kill -9` and a power cut
 * until it is settled. Any number of processes may share a folder: each appends to its own files, and takes over the
 * files of processes that are gone. A fact may be sent twice, but is never lost.
 */
export class Spool {
  readonly refused: RefusedFacts;
  private readonly writer: WriterFolder;
  private readonly room: Room;
  private active: Segment | undefined;
  private readonly closing = new Set<Promise<void>>();
  /** In the order of sending. A set, because a spool that filled up for days has very many. */
  private readonly queue = new Set<Sealed>();
  private closed = false;

  /**
   * @param damaged called with the path of a copy of a segment that is damaged in its middle.
   * @throws ClientError `spool_unknown` if the folder is not a spool of this version; system errors.
   */
  constructor(
    folder: string,
    maxBytes: number,
    private readonly damaged: (copy: string) => void,
  ) {
    const writers = join(folder, 'writers');
    mkdirSync(writers, { recursive: true, mode: FOLDER_MODE });
    checkFormat(join(folder, 'format'));
    this.refused = new RefusedFacts(folder);
    this.writer = new WriterFolder(writers);
    this.room = new Room(
      () => [...namesIn(writers).map((name) => join(writers, name)), this.refused.folder],
      maxBytes,
    );
    try {
      this.adopt();
    } catch (error) {
      // Otherwise the segments that were taken over would wait until this process ends.
      this.writer.leave();
      throw error;
    }
  }

  /** Whether nothing is waiting to be sent. */
  get empty(): boolean {
    return this.active === undefined && this.closing.size === 0 && this.queue.size === 0;
  }

  /** When the next segment may be sent (`performance.now()`); `undefined` if there is none. */
  get due(): number | undefined {
    if (this.active !== undefined || this.closing.size > 0) return 0;
    let first: number | undefined;
    for (const { notBefore } of this.queue) {
      if (first === undefined || notBefore < first) first = notBefore;
      if (first === 0) break;
    }
    return first;
  }

  /**
   * Writes an event (JSON on one line) before it returns, and resolves once that is durable.
   * @throws ClientError `spool_full`, `spool_unwritable`, `fact_too_large`.
   */
  async keep(text: string): Promise<void> {
    const line = toLine(text);
    if (line.length > MAX_EVENT_BYTES) {
      throw new ClientError(
        'fact_too_large',
        `A fact may have at most ${MAX_EVENT_BYTES} bytes as JSON.`,
      );
    }
    for (let tries = 1; tries <= KEEP_TRIES; tries += 1) {
      this.room.take(line.length);
      try {
        const { segment, durable } = this.append(line);
        if ((await durable) === 'kept') return;
        this.retire(segment);
      } catch (error) {
        throw unwritable(error);
      }
    }
    throw unwritable(new Error('Other processes keep taking the files of this process.'));
  }

  /** Returns whole due segments up to these bounds, at least one; `undefined` if none is due. */
  async take(maxEvents: number, maxBytes: number): Promise<Batch | undefined> {
    await this.seal();
    const now = performance.now();
    const parts: Batch['parts'][number][] = [];
    let events = 0;
    let bytes = 0;
    for (const segment of this.queue) {
      if (segment.notBefore > now) continue;
      if (
        parts.length > 0 &&
        (bytes + segment.bytes > maxBytes || events + SEGMENT_LINES > maxEvents)
      )
        break;
      const read = await this.read(segment);
      if (read === undefined) continue;
      parts.push({ segment, texts: read });
      events += read.length;
      bytes += segment.bytes;
    }
    return parts.length === 0 ? undefined : { parts };
  }

  /**
   * Stores refused facts apart, and writes those to be sent later to a new segment; {@link letGo} then deletes the
   * batch.
   * @param fates one for each event, in order.
   * @param laterMs how long to wait before sending those again, in milliseconds.
   * @throws system errors: then the batch must be sent again.
   */
  keepApart(batch: Batch, fates: readonly Fate[], laterMs: number): void {
    let at = 0;
    for (const { segment, texts } of batch.parts) {
      const own = fates.slice(at, at + texts.length);
      at += texts.length;
      const refused = own.filter((fate): fate is RefusedFact => typeof fate === 'object');
      if (refused.length > 0) this.room.give(-this.refused.keep(segment.path, refused));
      const later = texts.filter((_, index) => own[index] === 'later');
      if (later.length > 0) this.enqueue(this.write(later), performance.now() + laterMs);
    }
  }

  letGo(batch: Batch): void {
    for (const { segment } of batch.parts) this.drop(segment);
  }

  /** Moves a batch behind all others, to be sent `laterMs` from now at the earliest. */
  putOff(batch: Batch, laterMs: number): void {
    for (const { segment } of batch.parts) {
      this.queue.delete(segment);
      segment.notBefore = performance.now() + laterMs;
      this.queue.add(segment);
    }
  }

  /** Makes everything due that was to be sent later. */
  hurry(): void {
    for (const segment of this.queue) segment.notBefore = 0;
  }

  /** Takes over the segments of processes that are gone, and shows that this one lives. */
  adopt(): void {
    if (this.closed) return;
    this.writer.beat();
    for (const path of this.writer.adopt()) this.enqueue(path, 0);
    this.room.count();
  }

  /** Queues refused facts to be sent again. Returns how many. */
  resend(): number {
    let count = 0;
    for (const { path, facts } of this.refused.files()) {
      if (facts.length > 0)
        this.enqueue(this.write(facts.map((fact) => JSON.stringify(fact.event))), 0);
      this.refused.remove(path);
      count += facts.length;
    }
    this.room.count();
    return count;
  }

  /** Closes the spool. The next process that opens it sends what is left. */
  async close(): Promise<void> {
    this.closed = true;
    await this.seal();
    this.writer.leave();
  }

  private append(line: Uint8Array): Appended {
    if (this.closed) throw new ClientError('closed', 'The spool is closed.');
    if (this.active?.broken === true) this.retire(this.active);
    this.active ??= this.open();
    const segment = this.active;
    try {
      segment.append(line);
      return { segment, durable: segment.durable() };
    } finally {
      // Only after the line's sync is asked for: the file is closed once all syncs that were asked for have ended.
      if (segment.broken || segment.bytes >= SEGMENT_BYTES || segment.lines >= SEGMENT_LINES) {
        this.retire(segment);
      }
    }
  }

  private open(): Segment {
    for (let tries = 1; ; tries += 1) {
      try {
        return new Segment(this.writer.nextPath());
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || tries === KEEP_TRIES) throw error;
        this.writer.make();
      }
    }
  }

  /** Closes the file being appended to, so that it can be sent. */
  private async seal(): Promise<void> {
    if (this.active !== undefined) this.retire(this.active);
    await Promise.all(this.closing);
  }

  private retire(segment: Segment): void {
    if (this.active !== segment) return;
    this.active = undefined;
    const closed = segment.close().finally(() => {
      this.closing.delete(closed);
      if (segment.bytes > 0 || segment.broken) this.enqueue(segment.path, 0);
    });
    this.closing.add(closed);
  }

  private enqueue(path: string, notBefore: number): void {
    this.queue.add({ path, bytes: sizeOf(path), notBefore });
  }

  private write(texts: readonly string[]): string {
    const path = this.writer.nextPath();
    this.writer.make();
    writeWhole(path, Buffer.concat(texts.map(toLine)));
    return path;
  }

  private async read(segment: Sealed): Promise<string[] | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(segment.path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      // Another process thought that this one was dead, and sends the segment.
      this.queue.delete(segment);
      return undefined;
    }
    const { texts, damaged } = readLines(bytes);
    if (damaged) this.damaged(this.refused.keepDamaged(segment.path, bytes));
    if (texts.length > 0) return texts;
    this.drop(segment);
    return undefined;
  }

  private drop(segment: Sealed): void {
    this.queue.delete(segment);
    remove(segment.path);
    this.room.give(segment.bytes);
  }
}

function checkFormat(path: string): void {
  if (!existsSync(path)) writeWhole(path, FORMAT);
  if (readFileSync(path, 'utf8') === FORMAT) return;
  throw new ClientError(
    'spool_unknown',
    `${path} says that this folder is not a spool of this version.`,
  );
}

function unwritable(error: unknown): unknown {
  if (error instanceof ClientError) return error;
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  return new ClientError('spool_unwritable', `The spool can't be written (${reason}).`, {
    cause: error,
  });
}
