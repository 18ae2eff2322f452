import { Readable } from 'node:stream';

import { Problem } from '../http/problem';
import { inParts } from '../lib/in-parts';
import type { ExportRequest } from './open-export';

/** A running export. Reading its stream to the end, or destroying it, releases everything that it holds. */
export interface RunningExport {
  readonly stream: Readable;
  /** The ledger position of the exported snapshot. */
  readonly position: number;
}

/** An export that is produced as it is read, on whichever thread. */
export interface ExportSourceStream {
  /** The pieces, each made when it is read. */
  readonly pieces: AsyncGenerator<Uint8Array>;
  /** The ledger position of the exported snapshot. */
  readonly position: number;
  /** Releases everything that the export holds. Calling it again does nothing. */
  close(): Promise<void>;
}

/** @throws as `openExport`; the signal's reason, if the client disconnected before the export began. */
type OpenExport = (request: ExportRequest, signal: AbortSignal) => Promise<ExportSourceStream>;

export interface ExportLimits {
  /** How many may run at once. Each holds a connection and a snapshot, and a snapshot makes the write-ahead log grow. */
  readonly atOnce: number;
  /** How long a reader may leave a part of a piece unread, in milliseconds. */
  readonly idleMs: number;
  /** How long one may take in total, in milliseconds. */
  readonly totalMs: number;
}

const LIMITS: ExportLimits = { atOnce: 4, idleMs: 60_000, totalMs: 3_600_000 };
const BUFFERED_BYTES = 64 * 1024;

/** Runs exports over HTTP: a limited number at once, each for as long as somebody reads it. */
export class Exports {
  private readonly streams = new Set<Readable>();
  private running = 0;
  private closed = false;

  /** @param report gets the reason if an export fails midway, because its answer can no longer say so. */
  constructor(
    private readonly open: OpenExport,
    private readonly report: (error: Error) => void,
    private readonly limits: ExportLimits = LIMITS,
  ) {}

  /**
   * Begins an export.
   * @throws Problem `overloaded` if too many run, `store_unavailable` while the service stops, and whatever opening it
   *   throws.
   * @param signal aborted when the client disconnects.
   */
  async start(request: ExportRequest, signal: AbortSignal): Promise<RunningExport> {
    const { atOnce } = this.limits;
    this.refuseWhenClosed();
    if (this.running >= atOnce) {
      throw new Problem(
        'overloaded',
        `${atOnce} exports are already running. Ask again when one has ended.`,
      );
    }
    this.running += 1;
    let opened: ExportSourceStream | undefined;
    try {
      opened = await this.open(request, signal);
      this.refuseWhenClosed();
      return { stream: this.stream(opened), position: opened.position };
    } catch (error) {
      this.running -= 1;
      await opened?.close();
      throw error;
    }
  }

  /** Ends running exports and refuses new ones. */
  close(): void {
    this.closed = true;
    for (const stream of this.streams) {
      stream.destroy(new Error('The export was ended: the service is stopping.'));
    }
  }

  private refuseWhenClosed(): void {
    if (this.closed) {
      throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    }
  }

  private stream(opened: ExportSourceStream): Readable {
    const { idleMs, totalMs } = this.limits;
    const stop = (why: string) => stream.destroy(new Error(`The export was ended: ${why}.`));
    const idle = setTimeout(
      () => stop(`nobody has read from it for ${idleMs / 1000} s`),
      idleMs,
    ).unref();
    const total = setTimeout(() => stop(`it took over ${totalMs / 1000} s`), totalMs).unref();
    const pieces = noting(opened.pieces, () => idle.refresh());
    const stream = Readable.from(pieces, { objectMode: false, highWaterMark: BUFFERED_BYTES });
    this.streams.add(stream);
    stream.once('error', this.report);
    stream.once('close', () => {
      this.streams.delete(stream);
      clearTimeout(idle);
      clearTimeout(total);
      this.running -= 1;
      // The connection was only read from, so a failure to close it loses nothing. Only the log can report it.
      opened.close().catch(this.report);
    });
    return stream;
  }
}

/** Passes pieces on in parts, and skips empty ones. Calls `onRead` each time the reader asks for the next part. */
async function* noting(
  pieces: AsyncGenerator<Uint8Array>,
  onRead: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    for (const part of inParts(piece)) {
      yield part;
      onRead();
    }
    onRead();
  }
}
