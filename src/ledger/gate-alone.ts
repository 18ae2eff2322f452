import { StoreError } from '../event-store/errors';
import type { KeptTables } from '../kept/kept-tables';
import type { Alone, AppendGate } from './append-gate';

/**
 * How far the stored time is ahead of the settled one while the service runs, in milliseconds. So reads that settle one
 * time after the other cost at most one write a second.
 */
const AHEAD_MS = 1_000;

/**
 * The gate of an instance that appends alone. It stores which time was settled: if the clock is set back while the
 * service is down, nothing may be recorded at or before that time.
 */
export class GateAlone implements AppendGate {
  private settled: number;
  private stored: number;

  private constructor(
    private readonly tables: Pick<KeptTables, 'batch'>,
    private readonly stampAfter: number,
  ) {
    this.settled = stampAfter;
    this.stored = stampAfter;
  }

  static async open(tables: Pick<KeptTables, 'all' | 'batch'>): Promise<GateAlone> {
    const [row] = await tables.all<{ up_to: number | string }>('SELECT up_to FROM settled');
    return new GateAlone(tables, Number(row?.up_to ?? 0));
  }

  enter(): Promise<number> {
    return Promise.resolve(this.stampAfter);
  }

  leave(): void {
    // Nobody else waits to come in.
  }

  exclusively<T>(work: (alone: Alone) => Promise<T>): Promise<T> {
    const { stampAfter } = this;
    return work({ stampAfter, check: () => undefined, settle: (time) => this.settle(time) });
  }

  /** Stores the settled time itself, so that the next start stamps no event later than this one would have. */
  async close(): Promise<void> {
    if (this.stored <= this.settled) return;
    // What is stored is right, too, only later than it need be.
    await this.store(this.settled).catch(() => undefined);
  }

  private async settle(time: number): Promise<void> {
    if (time > this.stored) {
      await this.store(time + AHEAD_MS).catch((cause: unknown) => {
        const why = 'The time of this answer could not be stored with the keys. Ask again.';
        throw new StoreError('unavailable', why, { cause });
      });
    }
    this.settled = Math.max(this.settled, time);
  }

  private async store(time: number): Promise<void> {
    const sql = `INSERT INTO settled (name, up_to) VALUES ('ledger', ?)
      ON CONFLICT (name) DO UPDATE SET up_to = excluded.up_to`;
    await this.tables.batch([{ sql, values: [time] }]);
    this.stored = time;
  }
}
