import { setImmediate as turn } from 'node:timers/promises';

import { sessionStream } from '../domain/events/facts';
import { readFact } from '../domain/events/stored';
import { MAX_PAGE, type EventReader } from '../event-store/port';
import { BoundedMap } from '../lib/bounded-map';
import type { ReadModel } from '../read-model/queries';
import { narrow } from '../snapshots/users-past';

/** After how many streams others have their turn. */
const STREAMS = 32;
const KEPT_SESSIONS = 1_000;

/** Finds what an erasure leaves readable: facts that were stored before personal values were sealed. */
export class UnsealedEvents {
  constructor(
    private readonly store: Pick<EventReader, 'readStream'>,
    private readonly readModel: ReadModel,
  ) {}

  /** How many events of a user hold personal values that are not sealed. */
  async of(userId: string): Promise<number> {
    const former = new BoundedMap<string, ReadonlySet<string>>(KEPT_SESSIONS);
    const narrowed = await this.readModel.read((live) =>
      narrow(this.store, live, [userId], former),
    );
    let count = 0;
    for (const [at, session] of (narrowed?.sessions ?? []).entries()) {
      if (at % STREAMS === 0) await turn();
      count += await this.inStream(sessionStream(session), userId);
    }
    return count;
  }

  private async inStream(stream: string, userId: string): Promise<number> {
    let count = 0;
    for (let revision = 0; ; revision += MAX_PAGE) {
      const page = await this.store.readStream(stream, revision, MAX_PAGE);
      for (const { type, body } of page) {
        const fact = readFact(type, body);
        const isTheirs = fact?.data.user_id === userId;
        if (isTheirs && Object.keys(fact.personal).length > 0) count += 1;
      }
      if (page.length < MAX_PAGE) return count;
    }
  }
}
