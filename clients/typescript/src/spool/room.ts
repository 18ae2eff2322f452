import { join } from 'node:path';

import { ClientError } from '../errors.js';
import { namesIn, sizeOf } from './files.js';

const SCAN_EVERY_MS = 1_000;

/**
 * How much of the spool is used, by all processes. It is counted as this one writes and deletes, and on the disk when it seems
 * full: what others do in between may carry it a little beyond its bound.
 */
export class Room {
  private used: number;
  private scannedAt = -Infinity;

  constructor(
    private readonly folders: () => string[],
    private readonly maxBytes: number,
  ) {
    this.used = this.scan();
  }

  /** @throws ClientError `spool_full`. */
  take(bytes: number): void {
    if (this.used + bytes > this.maxBytes && performance.now() - this.scannedAt > SCAN_EVERY_MS) {
      this.count();
    }
    if (this.used + bytes > this.maxBytes) {
      throw new ClientError(
        'spool_full',
        `The spool holds ${this.used} bytes of ${this.maxBytes}: the ledger has been away for long, or refused facts lie in it.`,
      );
    }
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /** Counts what others wrote and deleted, too. */
  count(): void {
    this.used = this.scan();
  }

  private scan(): number {
    this.scannedAt = performance.now();
    let bytes = 0;
    for (const folder of this.folders()) {
      for (const name of namesIn(folder)) bytes += sizeOf(join(folder, name));
    }
    return bytes;
  }
}
