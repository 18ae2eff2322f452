import type { Kysely } from 'kysely';

import { parseInstant } from '../domain/time';
import type { EventReader, Position } from '../event-store/port';
import { Clock } from '../lib/clock';
import { Problem } from '../http/problem';
import { GentlePace, type Pace } from '../projections/pace';
import { project } from '../projections/project';
import { LedgerIndex, type IndexedEvent } from '../read-model/ledger-index';
import { ReadModel, type ReadModelSnapshot } from '../read-model/queries';
import type { Checkpoint, RowStore } from '../read-model/rows';
import type { ReadModelTables } from '../read-model/tables';

/** How many past states are kept: each is filled from the events, which takes as long as a rebuild up to it. */
const KEPT = 2;

/** A read model of its own, that is gone when it is closed. */
export interface PastReadModel {
  readonly readModel: ReadModel;
  readonly rows: RowStore;
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

interface Past {
  readonly position: number;
  readonly model: Promise<PastReadModel>;
  readonly listeners: Set<Listener>;
  readers: number;
}

/** Told of how far a read model that is being filled has come. */
type Listener = (checkpoint: Checkpoint) => void;

/** A place in the ledger, and the moment that is "now" there. */
export interface Place {
  readonly position: Position;
  readonly now: number;
  /** How many events stand up to it. */
  readonly size: number;
}

/** Where events are read from, and where the ledger ends. */
export type LedgerReader = Pick<EventReader, 'readAll' | 'readStream' | 'head' | 'last'>;

/**
 * The live read model, and the past: the state as of a place is the replay of the events up to it (docs/reference/laws.md#law-5), by the
 * same code into tables of its own. One replay at a time.
 */
export class ReadModels {
  private past: Past[] = [];
  private building: Promise<unknown> = Promise.resolve();
  private readonly index: LedgerIndex;
  private readonly stopping = new AbortController();

  /**
   * @param open makes an empty read model.
   * @param settle asked, of a time that no event lies behind yet, to let nothing be recorded at or before it any more:
   *   the answer stays what it was.
   */
  constructor(
    private readonly live: ReadModel,
    private readonly store: LedgerReader,
    private readonly clock: Clock,
    private readonly open: () => Promise<PastReadModel>,
    private readonly settle: (time: number) => Promise<void> = () => Promise.resolve(),
    private readonly paceOf: (signal: AbortSignal) => Pace = (signal) => new GentlePace(signal),
  ) {
    this.index = new LedgerIndex(store, live);
  }

  /**
   * Runs reads on one snapshot, with the moment that is "now" in it.
   * @param asOf a position or an RFC 3339 time; left out, the live state.
   * @throws Problem `invalid_parameter` where it is neither, or ahead of the ledger.
   */
  async read<T>(
    asOf: string | undefined,
    work: (snapshot: ReadModelSnapshot, now: number) => Promise<T>,
  ): Promise<T> {
    if (asOf === undefined) {
      const now = this.clock.now();
      return this.live.read((snapshot) => work(snapshot, now));
    }
    const { position, now } = await this.placeOf(asOf);
    return this.readPast(position, ({ readModel }) =>
      readModel.read((snapshot) => work(snapshot, now)),
    );
  }

  /** Runs reads on the read model that answers as of a position; it is there for as long as they take. */
  async readPast<T>(
    position: Position,
    work: (model: PastReadModel) => Promise<T>,
    onProgress: Listener = () => undefined,
  ): Promise<T> {
    const past = this.pastAt(position);
    past.readers += 1;
    past.listeners.add(onProgress);
    try {
      return await work(await past.model);
    } catch (error) {
      // What failed may be the read model itself: it is made anew for the next one who asks.
      if (!(error instanceof Problem)) this.past = this.past.filter((one) => one !== past);
      throw error;
    } finally {
      past.listeners.delete(onProgress);
      past.readers -= 1;
      if (past.readers === 0 && !this.past.includes(past)) await closePast(past);
      await this.closeOld();
    }
  }

  /** Fills nothing more: who waits for it is told so. */
  stop(): void {
    this.stopping.abort(new Problem('store_unavailable', 'The service is stopping. Ask again.'));
  }

  /** Lets go of the past states. */
  async close(): Promise<void> {
    this.stop();
    for (const past of this.past.splice(0)) await closePast(past);
  }

  private pastAt(position: Position): Past {
    const known = this.past.find((one) => one.position === position);
    if (known !== undefined) return known;
    const listeners = new Set<Listener>();
    const model = this.building.then(() => this.build(position, listeners));
    this.building = model.catch(() => undefined);
    const past: Past = { position, model, listeners, readers: 0 };
    this.past.push(past);
    return past;
  }

  private async build(
    position: Position,
    listeners: ReadonlySet<Listener>,
  ): Promise<PastReadModel> {
    const model = await this.open();
    const pace = this.paceOf(this.stopping.signal);
    const onProgress = (_: number, checkpoint: Checkpoint) => {
      for (const listener of listeners) listener(checkpoint);
      return pace.rest();
    };
    try {
      const pageSize = () => pace.pageSize();
      await project(this.store, model.rows, position, onProgress, { pageSize });
      return model;
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  private async closeOld(): Promise<void> {
    while (this.past.length > KEPT) {
      const index = this.past.findIndex((one) => one.readers === 0);
      if (index < 0) return;
      await closePast(this.past.splice(index, 1)[0]!);
    }
  }

  /**
   * The place that an `as_of` means.
   * @param asOf a position or an RFC 3339 time.
   * @throws Problem `invalid_parameter` where it is neither, ahead of the ledger or before its first event.
   */
  async placeOf(asOf: string): Promise<Place> {
    if (/^\d{1,16}$/.test(asOf)) {
      if (Number(asOf) > (await this.store.head()))
        throw refused('as_of lies ahead of the ledger.');
      const { event, index, recordedAt } = found(await this.index.floor(Number(asOf)));
      return { position: event.position, now: recordedAt, size: index + 1 };
    }
    const time = parseInstant(asOf);
    if (time === undefined)
      throw refused('as_of must be a position, or a time as RFC 3339 has it.');
    if (time > this.clock.now()) throw refused('as_of lies ahead of the ledger.');
    const last = await this.store.last();
    if (last !== undefined && last.recordedAt <= time) await this.settle(time);
    const { event, index } = found(await this.index.floorOfTime(time));
    return { position: event.position, now: time, size: index + 1 };
  }
}

/** One that could not be made has nothing to close. */
async function closePast(past: Past): Promise<void> {
  await past.model.then((model) => model.close()).catch(() => undefined);
}

function found(one: IndexedEvent | undefined): IndexedEvent {
  if (one === undefined) throw refused("as_of lies before the ledger's first event.");
  return one;
}

function refused(detail: string): Problem {
  return new Problem('invalid_parameter', detail, { pointer: '/as_of' });
}
