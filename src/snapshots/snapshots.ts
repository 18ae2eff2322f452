import { ReadModelSnapshot } from '../read-model/queries';
import type { AuditParts } from './parts';

/** A snapshot that stays open until it is closed, however long that takes. */
export interface OpenSnapshot {
  readonly snapshot: ReadModelSnapshot;
  /** Closes the snapshot. Calling it again does nothing. */
  close(): Promise<void>;
}

/** Opens snapshots for reads that may take long. */
export class Snapshots {
  constructor(private readonly parts: Pick<AuditParts, 'openLive' | 'readModels' | 'personal'>) {}

  /**
   * Opens the live read model, or a past one, on a connection that keeps nobody waiting.
   * @throws Problem `invalid_parameter` if `asOf` names no position.
   */
  open(asOf: string | undefined): Promise<OpenSnapshot> {
    return asOf === undefined ? this.openLive() : this.openPast(asOf);
  }

  private async openLive(): Promise<OpenSnapshot> {
    const live = await this.parts.openLive();
    try {
      const transaction = await live.queries
        .startTransaction()
        .setIsolationLevel('repeatable read')
        .execute();
      const end = async () => {
        try {
          await transaction.rollback().execute();
        } finally {
          await live.close();
        }
      };
      return {
        snapshot: new ReadModelSnapshot(transaction, this.parts.personal),
        close: once(end),
      };
    } catch (error) {
      await live.close();
      throw error;
    }
  }

  /**
   * Nobody writes to a past read model any more, so it is read without a transaction, which would block its other
   * readers.
   */
  private async openPast(asOf: string): Promise<OpenSnapshot> {
    const { position } = await this.parts.readModels.placeOf(asOf);
    return new Promise((resolve, reject) => {
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((release) => {
        letGo = release;
      });
      const reading = this.parts.readModels.readPast(position, ({ queries }) => {
        const end = () => {
          letGo();
          return reading;
        };
        resolve({
          snapshot: new ReadModelSnapshot(queries, this.parts.personal),
          close: once(end),
        });
        return held;
      });
      reading.catch(reject);
    });
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
