import type { Config } from '../../config/config';
import type { EventReader } from '../../event-store/port';
import { ThreadPace } from '../../projections/pace';
import { politely } from '../../read-model/polite';
import type { Rebuildable } from '../../read-model/rebuildable';
import type { PersonalReader } from '../../read-model/revealed';
import type { Occupant } from '../../read-model/sqlite/next-file';
import { PastModels } from '../../snapshots/past-models';
import type { AuditParts } from '../../snapshots/parts';
import { ReadModels } from '../../snapshots/read-models';
import { noFormerUsers } from '../../snapshots/users-past';
import type { Asker } from '../../threads/peer';
import { makePastReadModel } from '../past-read-model';
import { openPersonalReader, type OpenPersonalReader } from '../personal-reader';
import type { LiveReader } from './live-reader';
import { LiveReaders } from './live-readers';
import { openPlaceBeside, openThreadReader } from './stores';
import type { PlaceCalls } from './worker-calls';

/** How many past states of some users are kept at most, and how many bytes in total. */
const KEPT_PASTS = { models: 8, bytes: 32 * 1024 * 1024 };

/** What a thread of the pool works on. Each part is opened when first needed, and kept. */
export class WorkerSide {
  /** Past states of some users. */
  readonly narrowPasts = new PastModels(makePastReadModel, KEPT_PASTS);
  readonly formerUsers = noFormerUsers();
  private readonly live: LiveReaders;
  private reader: Promise<EventReader> | undefined;
  private whole: Promise<ReadModels> | undefined;
  private openedPersonal: OpenPersonalReader | undefined;

  constructor(
    readonly config: Config,
    private readonly report: (error: unknown) => void,
  ) {
    this.live = new LiveReaders(config.readModel, report);
  }

  /** Opens the events read-only, on a connection of this thread. */
  store(): Promise<EventReader> {
    const reader = (this.reader ??= openThreadReader(this.config.eventStore));
    // If opening failed, the next call tries again.
    reader.catch(() => (this.reader = undefined));
    return reader;
  }

  /** Returns the reader of personal values, which looks up the current keys each time. */
  personal(): PersonalReader {
    return (this.openedPersonal ??= openPersonalReader(this.config)).reader;
  }

  /** Runs work on a connection to the live read model. Between queries, other work on this thread takes turns. */
  async withLive<T>(signal: AbortSignal, work: (live: LiveReader) => Promise<T>): Promise<T> {
    const live = await this.openLive(signal);
    try {
      return await work(live);
    } finally {
      await live.close();
    }
  }

  /** Returns what replays, rehearsals, exports and bundles need. */
  async auditParts(asker: Asker<PlaceCalls>): Promise<AuditParts> {
    const store = await this.store();
    const readModels = await this.wholePasts();
    const { signal } = asker;
    return {
      store,
      openLive: () => this.openLive(signal),
      openTemporary: makePastReadModel,
      personal: this.personal(),
      readModels: {
        placeOf: (asOf) => asker.ask('placeOf', asOf),
        readPast: (position, work, onFilled) =>
          readModels.readPast(
            position,
            (model) => work({ ...model, queries: politely(model.queries, signal) }),
            onFilled,
            signal,
          ),
      },
    };
  }

  /** Past states of the whole ledger. */
  wholePasts(): Promise<ReadModels> {
    return (this.whole ??= this.store().then(
      (store) =>
        new ReadModels(store, makePastReadModel, (signal) => new ThreadPace(signal), NO_PLACES),
    ));
  }

  /** Opens the place of the live read model, to fill a replacement for it. */
  placeBeside(occupant: Occupant): Rebuildable {
    return openPlaceBeside(this.config.readModel, occupant, this.report);
  }

  async close(): Promise<void> {
    await this.narrowPasts.close(new Error('The thread is ending.'));
    await (await this.whole?.catch(() => undefined))?.close();
    await this.live.close();
    await this.openedPersonal?.close();
    await (await this.reader?.catch(() => undefined))?.close();
  }

  /** Opens a connection to the live read model. The caller closes it. */
  async openLive(signal: AbortSignal): Promise<LiveReader> {
    const live = await this.live.open();
    return { ...live, queries: politely(live.queries, signal) };
  }
}

/** Refuses to find positions: only the serving thread does that. */
const NO_PLACES = {
  placeOf: () => Promise.reject(new Error('Only the serving thread finds positions.')),
};
