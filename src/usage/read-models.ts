import { parseInstant } from '../domain/time';
import type { EventStore, Position } from '../event-store/port';
import { Clock } from '../platform/clock';
import { Problem } from '../platform/problem';
import { project } from '../projections/project';
import { LedgerIndex, type IndexedEvent } from '../read-model/ledger-index';
import { ReadModel, type OpenSnapshot, type ReadModelSnapshot } from '../read-model/queries';
import type { RowStore } from '../read-model/rows';

/** How many past states are kept: each is filled from the events, which takes as long as a rebuild up to it. */
const KEPT = 2;

/** A read model of its own, that is gone when it is closed. */
export interface PastReadModel {
  readonly readModel: ReadModel;
  readonly rows: RowStore;
  close(): Promise<void>;
}

interface Past {
  readonly position: number;
  readonly model: Promise<PastReadModel>;
  readers: number;
}

/** A place in the ledger, and the moment that is "now" there. */
interface Place {
  readonly position: Position;
  readonly now: number;
}

/**
 * The live read model, and the past: the state as of a place is the replay of the events up to it (law 5), by the
 * same code into tables of its own. One replay at a time.
 */
export class ReadModels {
  private past: Past[] = [];
  private building: Promise<unknown> = Promise.resolve();
  private readonly index: LedgerIndex;

  /** @param open makes an empty read model. */
  constructor(
    private readonly live: ReadModel,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly open: () => Promise<PastReadModel>,
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
    const past = this.pastAt(position);
    past.readers += 1;
    try {
      const { readModel } = await past.model;
      return await readModel.read((snapshot) => work(snapshot, now));
    } catch (error) {
      if (!(error instanceof Problem)) this.past = this.past.filter((one) => one !== past);
      throw error;
    } finally {
      past.readers -= 1;
      await this.closeOld();
    }
  }

  /**
   * Opens a snapshot, live or as of a place, for reads that take long; `now` is the moment that is "now" in it.
   * It is to be closed.
   * @throws Problem as {@link read} does.
   */
  async openSnapshot(asOf: string | undefined): Promise<OpenSnapshot & { readonly now: number }> {
    if (asOf === undefined) {
      const now = this.clock.now();
      return { ...(await this.live.open()), now };
    }
    const { position, now } = await this.placeOf(asOf);
    const past = this.pastAt(position);
    past.readers += 1;
    let closed = false;
    const release = async () => {
      if (closed) return;
      closed = true;
      past.readers -= 1;
      await this.closeOld();
    };
    try {
      const opened = await (await past.model).readModel.open();
      const close = () => opened.close().finally(release);
      return { snapshot: opened.snapshot, close, now };
    } catch (error) {
      this.past = this.past.filter((one) => one !== past);
      await release();
      throw error;
    }
  }

  /** Lets go of the past states. */
  async close(): Promise<void> {
    const past = this.past.splice(0);
    for (const one of past) await one.model.then((model) => model.close()).catch(() => undefined);
  }

  private pastAt(position: Position): Past {
    const known = this.past.find((one) => one.position === position);
    if (known !== undefined) return known;
    const model = this.building.then(() => this.build(position));
    this.building = model.catch(() => undefined);
    const past: Past = { position, model, readers: 0 };
    this.past.push(past);
    return past;
  }

  private async build(position: Position): Promise<PastReadModel> {
    const model = await this.open();
    try {
      await project(this.store, model.rows, position, () => undefined);
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
      const [old] = this.past.splice(index, 1);
      await (await old!.model).close();
    }
  }

  private async placeOf(asOf: string): Promise<Place> {
    if (/^\d{1,16}$/.test(asOf)) {
      if (Number(asOf) > (await this.store.head()))
        throw refused('as_of lies ahead of the ledger.');
      const { event, recordedAt } = found(await this.index.floor(Number(asOf)));
      return { position: event.position, now: recordedAt };
    }
    const time = parseInstant(asOf);
    if (time === undefined)
      throw refused('as_of must be a position, or a time as RFC 3339 has it.');
    if (time > this.clock.now()) throw refused('as_of lies ahead of the ledger.');
    const { event } = found(await this.index.floorOfTime(time));
    return { position: event.position, now: time };
  }
}

function found(one: IndexedEvent | undefined): IndexedEvent {
  if (one === undefined) throw refused("as_of lies before the ledger's first event.");
  return one;
}

function refused(detail: string): Problem {
  return new Problem('invalid_parameter', detail, { pointer: '/as_of' });
}
