import { setImmediate as turn } from 'node:timers/promises';

import { sessionStream } from '../domain/events/facts';
import { readFact } from '../domain/events/stored';
import { isLastPage, streamPages } from '../event-store/pages';
import type { EventReader, Position } from '../event-store/port';
import type { ReadModel } from '../read-model/queries';
import { sessionsNaming } from '../snapshots/users-past';

/** After how many streams other work gets a turn. */
const STREAMS = 32;
const PAGE = 1_000;

type StoredFact = NonNullable<ReturnType<typeof readFact>>;

/** Counts of a user's events that hold personal values. */
interface PersonalCounts {
  /** Events that were stored before values were sealed, and so stay readable. */
  readonly unsealed: number;
  /** Events recorded after a position. */
  readonly since: number;
  /** The ids of the keys under which values were sealed. */
  readonly keys: ReadonlySet<string>;
}

/** Counts a user's facts with personal values, by reading them all. */
export class PersonalEvents {
  constructor(
    private readonly store: Pick<EventReader, 'readStream' | 'readAll'>,
    private readonly readModel: ReadModel,
  ) {}

  /** Returns whether a fact names a user, be it in a session that has another user since a void. */
  async name(userId: string): Promise<boolean> {
    return (await this.sessionsOf(userId)).length > 0;
  }

  async count(userId: string, after = Infinity): Promise<PersonalCounts> {
    const counts = { unsealed: 0, since: 0, keys: new Set<string>() };
    for (const [at, session] of (await this.sessionsOf(userId)).entries()) {
      if (at % STREAMS === 0) await turn();
      for await (const page of streamPages(this.store, sessionStream(session))) {
        for (const { type, body, position } of page) {
          const fact = readFact(type, body);
          if (fact?.data.user_id !== userId) continue;
          if (isReadable(fact)) counts.unsealed += 1;
          if (fact.sealed !== undefined) counts.keys.add(fact.sealed.key);
          if (isPersonal(fact) && position > after) counts.since += 1;
        }
      }
    }
    return counts;
  }

  /** Returns whether an event after a position holds a personal value of a user. Reads all events after it. */
  async anyAfter(userId: string, position: number): Promise<boolean> {
    for (let after = position; ;) {
      const page = await this.store.readAll(after as Position, PAGE);
      for (const { type, body } of page) {
        const fact = readFact(type, body);
        if (fact?.data.user_id === userId && isPersonal(fact)) return true;
      }
      if (isLastPage(page, PAGE)) return false;
      after = page.at(-1)!.position;
    }
  }

  private sessionsOf(userId: string): Promise<readonly string[]> {
    return sessionsNaming(this.store, this.readModel, userId);
  }
}

function isReadable({ personal }: StoredFact): boolean {
  return Object.keys(personal).length > 0;
}

function isPersonal(fact: StoredFact): boolean {
  return isReadable(fact) || fact.sealed !== undefined;
}
