import { sql, type Kysely } from 'kysely';

import { fitting } from '../event-store/pages';
import { PAGE_CHARACTERS, type Position, type StoredEvent } from '../event-store/port';

interface EventTables {
  events: OrderedEvent;
}

/** An event, and where it is folded: at its own position `place`, or right after the event at `place`. */
interface OrderedEvent {
  readonly place: number;
  /** 1 if it is folded after the event at `place`, else 0. */
  readonly behind: number;
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** The length of the body. */
  readonly characters: number;
  readonly recorded_at: number;
}

/**
 * Sorts events, read stream by stream, into the order in which they are folded. They are kept in a database, because
 * there may be many.
 */
export class OrderedEvents {
  private after: Pick<OrderedEvent, 'place' | 'behind' | 'position'> = {
    place: 0,
    behind: 0,
    position: 0,
  };

  /** @param open makes an empty SQLite database, which {@link close} closes. */
  static async make(open: <T>() => Kysely<T>): Promise<OrderedEvents> {
    const db = open<EventTables>();
    await sql`create table events (place integer, behind integer, position integer, stream text, revision integer,
      id text, type text, recorded_at integer, characters integer, body text, primary key (place, behind, position)) without rowid`.execute(
      db,
    );
    return new OrderedEvents(db);
  }

  private constructor(private readonly db: Kysely<EventTables>) {}

  /** @param placeOf returns the position after which an event is folded, if it is not folded at its own. */
  async add(
    events: readonly StoredEvent[],
    placeOf: (event: StoredEvent) => number | undefined,
  ): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => {
      const place = placeOf(event);
      const { position, stream, revision, id, type, body, recordedAt } = event;
      const key = place === undefined ? [position, 0] : [place, 1];
      return [...key, position, stream, revision, id, type, recordedAt, body.length, body];
    });
    const fields = sql.join(
      Array.from({ length: 10 }, (_, index) => sql`value ->> ${sql.lit(index)}`),
    );
    await sql`insert into events select ${fields} from json_each(${JSON.stringify(rows)})`.execute(
      this.db,
    );
  }

  /** Returns the next events in order: at most `limit`, and fewer if they are large. */
  async next(limit: number): Promise<StoredEvent[]> {
    const { place, behind, position } = this.after;
    const next = this.db
      .selectFrom('events')
      .where(sql<boolean>`(place, behind, position) > (${place}, ${behind}, ${position})`)
      .orderBy('place')
      .orderBy('behind')
      .orderBy('position');
    const sizes = await next.select('characters').limit(limit).execute();
    const count = fitting(
      sizes.map(({ characters }) => characters),
      PAGE_CHARACTERS,
    );
    const rows = await next.selectAll().limit(count).execute();
    this.after = rows.at(-1) ?? this.after;
    return rows.map(({ position: at, stream, revision, id, type, body, recorded_at }) => ({
      position: at as Position,
      stream,
      revision,
      id,
      type,
      body,
      recordedAt: recorded_at,
    }));
  }

  close(): Promise<void> {
    return this.db.destroy();
  }
}
