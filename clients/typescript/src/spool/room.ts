import { join } from 'node:path';

import { ClientError } from '../errors.js';
import { namesIn, sizeOf } from './files.js';

const SCAN_EVERY_MS = 1_000;

/**
 * Counts how many bytes of the spool all processes use. Adds up this process's writes and deletions, and rescans the
 * disk when the spool seems full. Other processes' writes in between may take the spool a little over its bound.
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

  /** Reserves room for bytes. @throws ClientError `spool_full`. */
  take(bytes: number): void {
    if (this.used + bytes > this.maxBytes && performance.now() - this.scannedAt > SCAN_EVERY_MS) {
      this.count();
    }
    if (this.used + bytes > this.maxBytes) {
      throw new ClientError(
        'spool_full',
        `The spool is full: it uses ${this.used} of ${this.maxBytes} bytes. Either the ledger has been away for long, or refused facts fill it.`,
      );
    }
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /** Rescans the disk, to include what others wrote and deleted. */
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
