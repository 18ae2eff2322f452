import type { Page } from '../http/cursor';
import { readIdCursor, writeIdCursor } from '../http/id-cursor';
import type { SessionView } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from '../usage/standing';

/** A session in a list: without its logs and money. */
export interface ListedSession {
  readonly session_id: string;
  /** `null` from a void to the next fact. */
  readonly user_id: string | null;
  readonly attempts: number;
  /** Of the last attempt. */
  readonly status: SessionView['attempts'][number]['status'] | null;
}

/** Sessions by id. */
export class Sessions extends Question<Page<ListedSession>> {
  constructor(
    /** What the ids contain, without regard to case. */
    readonly search: string | undefined,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class SessionsHandler implements Answerer<Sessions, Page<ListedSession>> {
  constructor(private readonly models: Reads) {}

  execute({ search, cursor, limit, asOf }: Sessions): Promise<Page<ListedSession>> {
    const [after] = readIdCursor(cursor);
    return this.models.read(asOf, async (snapshot) => {
      await standingOf(snapshot);
      const { ids, next } = await snapshot.listings.ids('sessions', search, after!, limit);
      const rows = await snapshot.listings.sessions(ids);
      const views = new Map(
        rows.map(({ session_id, view }) => [session_id, JSON.parse(view) as SessionView]),
      );
      const items = ids.map((id) => listed(views.get(id)!));
      return { items, next_cursor: next === undefined ? null : writeIdCursor(next) };
    });
  }
}

function listed({ session_id, user_id, attempts }: SessionView): ListedSession {
  return {
    session_id,
    user_id,
    attempts: attempts.length,
    status: attempts.at(-1)?.status ?? null,
  };
}
