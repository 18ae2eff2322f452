import { closeSync, fstatSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { FILE_MODE, orIfGone, sync, syncFolderSoon, writeAll } from './files.js';

/** `kept` if a line is durable where others will find it; `moved` if the file was taken away in between. */
export type Kept = 'kept' | 'moved';

/** A file to which one process appends lines. Lines that arrive during a sync share the next one. */
export class Segment {
  bytes = 0;
  lines = 0;
  /** Set once a write or sync failed: the end of the file is then unknown, so nothing more may be appended. */
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

  /** Writes a line at once: after that only a power cut or worse can lose it. @throws system errors. */
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

  /** Resolves once all appended lines are durable. @throws system errors: then it is unknown whether they are. */
  durable(): Promise<Kept> {
    this.next ??= this.syncAfter(this.running);
    return this.next;
  }

  /** Closes the file once syncs under way have ended. */
  async close(): Promise<void> {
    await (this.next ?? this.running)?.catch(() => undefined);
    closeSync(this.descriptor);
  }

  private async syncAfter(before: Promise<Kept> | undefined): Promise<Kept> {
    // After a failed sync, the next one may succeed without having written what the first could not.
    await before;
    // Lines appended in this turn of the event loop share the sync.
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

  /**
   * Whether the file is still where it was created: another process takes the file if it thinks that this process is
   * dead.
   */
  private isThere(): boolean {
    return orIfGone(() => statSync(this.path).ino, -1) === this.inode;
  }
}

function cut(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // Not needed: readers ignore half a line at the end, and nothing is appended after it.
  }
}
