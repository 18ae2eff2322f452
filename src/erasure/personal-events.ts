import { setImmediate as turn } from 'node:timers/promises';

import { sessionStream } from '../domain/events/facts';
import { readFact } from '../domain/events/stored';
import { MAX_PAGE, type EventReader, type StoredEvent } from '../event-store/port';
import { BoundedMap } from '../lib/bounded-map';
import type { ReadModel } from '../read-model/queries';
import { narrow } from '../snapshots/users-past';

/** After how many streams other work gets a turn. */
const STREAMS = 32;
const KEPT_SESSIONS = 1_000;

/** Counts of a user's events that hold personal values. */
interface PersonalCounts {
  /** Events that were stored before values were sealed, and so stay readable. */
  readonly unsealed: number;
  /** Events recorded after a position. */
  readonly since: number;
}

/** Counts a user's facts with personal values, by reading them all. */
export class PersonalEvents {
  constructor(
    private readonly store: Pick<EventReader, 'readStream'>,
    private readonly readModel: ReadModel,
  ) {}

  async count(userId: string, after = Infinity): Promise<PersonalCounts> {
    const former = new BoundedMap<string, ReadonlySet<string>>(KEPT_SESSIONS);
    const narrowed = await this.readModel.read((live) =>
      narrow(this.store, live, [userId], former),
    );
    const counts = { unsealed: 0, since: 0 };
    for (const [at, session] of (narrowed?.sessions ?? []).entries()) {
      if (at % STREAMS === 0) await turn();
      for await (const { type, body, position } of this.eventsOf(session)) {
        const fact = readFact(type, body);
        if (fact?.data.user_id !== userId) continue;
        const isReadable = Object.keys(fact.personal).length > 0;
        if (isReadable) counts.unsealed += 1;
        if ((isReadable || fact.sealed !== undefined) && position > after) counts.since += 1;
      }
    }
    return counts;
  }

  private async *eventsOf(sessionId: string): AsyncGenerator<StoredEvent> {
    for (let revision = 0; ; revision += MAX_PAGE) {
      const page = await this.store.readStream(sessionStream(sessionId), revision, MAX_PAGE);
      yield* page;
      if (page.length < MAX_PAGE) return;
    }
  }
}
