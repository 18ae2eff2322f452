import type { EventReader, Position } from '../event-store/port';
import { Problem } from '../http/problem';
import type { Pace } from '../projections/pace';
import { project } from '../projections/project';
import { PastModels, type Fill, type OnFilled, type PastReadModel } from './past-models';
import type { Place } from './places';

/**
 * How many past states are kept. Each is filled from the events, which takes as long as a rebuild up to its position.
 */
const KEPT = { models: 2, bytes: Infinity };

/** Reads events, and finds the ledger's end. */
export type LedgerReader = Pick<EventReader, 'readAll' | 'readStream' | 'head' | 'last'>;

/** Finds the position that an `as_of` means. */
interface PlaceFinder {
  /** @throws Problem `invalid_parameter` if it means none. */
  placeOf(asOf: string): Promise<Place>;
}

/**
 * The past of the whole ledger. The state as of a position is the replay of the events up to it
 * (docs/reference/laws.md#law-5), by the code that fills the live read model, into tables of its own. One replay at a
 * time.
 */
export class ReadModels implements PlaceFinder {
  private readonly pasts: PastModels;

  /** @param open makes an empty read model. */
  constructor(
    private readonly store: Pick<EventReader, 'readAll' | 'readStream'>,
    open: () => Promise<PastReadModel>,
    private readonly paceOf: (signal: AbortSignal) => Pace,
    private readonly places: PlaceFinder,
  ) {
    this.pasts = new PastModels(open, KEPT);
  }

  placeOf(asOf: string): Promise<Place> {
    return this.places.placeOf(asOf);
  }

  /**
   * Runs reads on the read model as of a position. It stays open while they run.
   * @param signal aborted when nobody waits for the answer any more.
   */
  readPast<T>(
    position: Position,
    work: (model: PastReadModel) => Promise<T>,
    onFilled?: OnFilled,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.pasts.use(String(position), this.fillTo(position), work, {
      signal,
      ...(onFilled === undefined ? {} : { onFilled }),
    });
  }

  /** Releases the past states, and fills no more. */
  close(): Promise<void> {
    return this.pasts.close(
      new Problem('store_unavailable', 'The service is stopping. Ask again.'),
    );
  }

  private fillTo(position: Position): Fill {
    return (rows, onFilled, signal) => {
      const pace = this.paceOf(signal);
      const onProgress = async (_: number, ...[checkpoint]: Parameters<OnFilled>) => {
        onFilled(checkpoint);
        await pace.rest();
        signal.throwIfAborted();
      };
      const pageSize = () => pace.pageSize();
      return project(this.store, rows, position, onProgress, { pageSize });
    };
  }
}
