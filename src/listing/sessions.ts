import type { Page } from '../http/cursor';
import type { SessionView } from '../read-model/views';
import type { Answerer, Reads } from '../snapshots/question';
import { answerSearch, Search } from './search';

/** A session in a list: without its logs and money. */
export interface ListedSession {
  readonly session_id: string;
  /** `null` from a void to the next fact. */
  readonly user_id: string | null;
  readonly attempts: number;
  /** The status of the last attempt. */
  readonly status: SessionView['attempts'][number]['status'] | null;
}

/** Sessions by id. */
export class Sessions extends Search<ListedSession> {}

export class SessionsHandler implements Answerer<Sessions, Page<ListedSession>> {
  constructor(private readonly models: Reads) {}

  execute(asked: Sessions): Promise<Page<ListedSession>> {
    return answerSearch(this.models, asked, 'sessions', async (ids, { snapshot }) => {
      const rows = await snapshot.listings.sessions(ids);
      const views = new Map(
        rows.map(({ session_id, view }) => [session_id, JSON.parse(view) as SessionView]),
      );
      return ids.map((id) => listed(views.get(id)!));
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
