import { closeSync, fstatSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { FILE_MODE, orIfGone, sync, syncFolderSoon, writeAll } from './files.js';

/** Whether a line is durable where others will find it, or the file was taken away meanwhile. */
export type Kept = 'kept' | 'moved';

/** A file that one process appends lines to. Lines that come while it is being synced share the next sync. */
export class Segment {
  bytes = 0;
  lines = 0;
  /** Nothing more may be appended: what an earlier write or sync left behind is not known. */
  broken = false;
  private readonly descriptor: number;
  private readonly inode: number;
  private running: Promise<Kept> | undefined;
  private next: Promise<Kept> | undefined;
  private named = false;

  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'wx', FILE_MODE);
    this.inode = fstatSync(this.descriptor).ino;
  }

  /** Hands a line to the system at once: from here on only a power cut, or worse, can lose it. @throws system errors. */
  append(line: Uint8Array): void {
    try {
      writeAll(this.descriptor, line);
    } catch (error) {
      this.broken = true;
      cut(this.descriptor, this.bytes);
      throw error;
    }
    this.bytes += line.length;
    this.lines += 1;
  }

  /** Resolves when all that was appended is durable. @throws system errors: then nobody knows whether it is. */
  durable(): Promise<Kept> {
    this.next ??= this.syncAfter(this.running);
    return this.next;
  }

  /** Ends the file, after what is under way. */
  async close(): Promise<void> {
    await (this.next ?? this.running)?.catch(() => undefined);
    closeSync(this.descriptor);
  }

  private async syncAfter(before: Promise<Kept> | undefined): Promise<Kept> {
    await before?.catch(() => undefined);
    // Lines of this turn of the event loop share it.
    await new Promise((resolve) => setImmediate(resolve));
    this.running = this.next;
    this.next = undefined;
    try {
      await sync(this.descriptor);
      if (!this.named) await syncFolderSoon(dirname(this.path));
      this.named = true;
    } catch (error) {
      this.broken = true;
      throw error;
    }
    return this.isThere() ? 'kept' : 'moved';
  }

  /** Whether the file is still where it was made: another process takes the files of one that it takes for dead. */
  private isThere(): boolean {
    return orIfGone(() => statSync(this.path).ino, -1) === this.inode;
  }
}

function cut(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // The half line at the end can't be read, and nothing comes after it.
  }
}
