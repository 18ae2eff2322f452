import { Readable } from 'node:stream';

import { Problem } from '../../platform/problem';
import { LedgerIndex } from '../../read-model/ledger-index';
import { standingOf } from '../../usage/standing';
import { formatOf, type ExportFormat } from './formats';
import type { ExportSource } from './rows';
import type { OpenSnapshot, Snapshots } from './snapshots';

/** What to export. */
export interface ExportRequest {
  readonly period: string;
  readonly format: ExportFormat;
  readonly asOf: string | undefined;
}

/** An export under way; whoever reads the stream to its end, or destroys it, lets go of all that it holds. */
export interface RunningExport {
  readonly stream: Readable;
  /** The place in the ledger that it is of. */
  readonly position: number;
}

export interface ExportLimits {
  /** How many run at once: each holds a connection and a snapshot, and a snapshot keeps the write-ahead log growing. */
  readonly atOnce: number;
  /** How long a reader may leave a piece unread, in milliseconds. */
  readonly idleMs: number;
  /** How long one may take in all, in milliseconds. */
  readonly totalMs: number;
}

const LIMITS: ExportLimits = { atOnce: 4, idleMs: 60_000, totalMs: 3_600_000 };
const BUFFERED_BYTES = 64 * 1024;

/**
 * Exports of a period: each is of one snapshot, on a connection of its own, and is made piece by piece as it is read.
 */
export class Exports {
  private readonly streams = new Set<Readable>();
  private running = 0;
  private closed = false;

  /** @param report is told why one ended before its end: by then there is no answer left in which to say so. */
  constructor(
    private readonly snapshots: Pick<Snapshots, 'open'>,
    private readonly index: Pick<LedgerIndex, 'floor'>,
    private readonly issuer: string,
    private readonly report: (error: Error) => void,
    private readonly limits: ExportLimits = LIMITS,
  ) {}

  /**
   * Begins an export.
   * @throws Problem `overloaded` where too many run, `store_unavailable` while the service stops, `not_caught_up` while the read model is being built,
   *   `invalid_parameter` where `asOf` names no place.
   */
  async start({ period, format, asOf }: ExportRequest): Promise<RunningExport> {
    this.refuseWhenClosed();
    if (this.running >= this.limits.atOnce) {
      throw new Problem(
        'overloaded',
        `${this.limits.atOnce} exports are running already. Ask again when one has ended.`,
      );
    }
    this.running += 1;
    let opened: OpenSnapshot | undefined;
    try {
      opened = await this.snapshots.open(asOf);
      const { terms, position } = await standingOf(opened.snapshot);
      this.refuseWhenClosed();
      const source: ExportSource = {
        snapshot: opened.snapshot,
        period,
        terms,
        position,
        issuer: this.issuer,
        recordedAt: (at) => this.recordedAt(at),
      };
      return { stream: this.stream(formatOf(format).write(source), opened), position };
    } catch (error) {
      this.running -= 1;
      await opened?.close();
      throw error;
    }
  }

  /** Ends what runs, and begins nothing more. */
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

  private stream(pieces: AsyncGenerator<string>, opened: OpenSnapshot): Readable {
    const { idleMs, totalMs } = this.limits;
    const idle = setTimeout(() => stop(`nobody read on for ${idleMs / 1000} s`), idleMs).unref();
    const total = setTimeout(
      () => stop(`it took longer than ${totalMs / 1000} s`),
      totalMs,
    ).unref();
    const stream = Readable.from(
      noting(pieces, () => idle.refresh()),
      {
        objectMode: false,
        highWaterMark: BUFFERED_BYTES,
      },
    );
    const stop = (why: string) => stream.destroy(new Error(`The export was ended: ${why}.`));
    this.streams.add(stream);
    stream.once('error', this.report);
    stream.once('close', () => {
      this.streams.delete(stream);
      clearTimeout(idle);
      clearTimeout(total);
      this.running -= 1;
      // The snapshot's connection was only read: there is nothing to lose, and nobody left to tell.
      opened.close().catch(() => undefined);
    });
    return stream;
  }

  private async recordedAt(position: number): Promise<number> {
    const found = await this.index.floor(position);
    if (found === undefined) throw new Error(`The ledger has no event at position ${position}.`);
    return found.recordedAt;
  }
}

/** Pieces as bytes; notes each time that the next one is asked for. Empty ones are left out. */
async function* noting(pieces: AsyncGenerator<string>, onRead: () => void): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    if (piece !== '') yield Buffer.from(piece);
    onRead();
  }
}
