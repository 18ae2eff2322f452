import type { Config } from '../../config/config';
import type { EventReader } from '../../event-store/port';
import type { Rebuildable } from '../../read-model/rebuildable';
import type { Occupant } from '../../read-model/sqlite/next-file';
import {
  openPlaceBeside,
  openThreadReader,
  openThreadReadModel,
  type ThreadReadModel,
} from './stores';

/** What a thread of the pool works on: opened as it is needed, and kept. */
export class WorkerSide {
  private reader: Promise<EventReader> | undefined;

  constructor(
    private readonly config: Config,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The events, read by a connection of this thread. */
  store(): Promise<EventReader> {
    const reader = (this.reader ??= openThreadReader(this.config.eventStore));
    // One that could not be opened is tried again.
    reader.catch(() => (this.reader = undefined));
    return reader;
  }

  /** Where a read model can be filled that takes the place of the one that is served. */
  placeBeside(occupant: Occupant): Rebuildable {
    return openPlaceBeside(this.config.readModel, occupant, this.report);
  }

  /** The read model that the service serves, by a connection of whoever asks. */
  openReadModel(): Promise<ThreadReadModel> {
    return openThreadReadModel(this.config.readModel, this.report);
  }

  async close(): Promise<void> {
    await (await this.reader?.catch(() => undefined))?.close();
  }
}
