import type { WaitingView } from '../read-model/views';
import type { Page } from '../http/cursor';
import { readCursor, toPage } from './log-cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';

/** Completed attempts that have no usage log yet, oldest first, each with its value at risk. */
export class Pending extends Question<Page<object>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class PendingHandler implements Answerer<Pending, Page<object>> {
  constructor(private readonly models: Reads) {}

  execute({ cursor, limit, asOf }: Pending): Promise<Page<object>> {
    const after = readCursor(cursor);
    return this.models.read(asOf, async (snapshot, now) =>
      toPage(await snapshot.waiting(after, limit + 1), limit, (row) => {
        const { completed_at, ...view } = JSON.parse(row.view) as WaitingView;
        const { status, user_id, session_id, attempt, stt_provider, duration_seconds } = view;
        return {
          status,
          user_id,
          session_id,
          attempt,
          stt_provider,
          duration_seconds,
          completed_at,
          // The clock of another instance may be slightly ahead of ours, and an age must not be negative.
          age_seconds: Math.max(0, Math.floor((now - row.completed_at) / 1000)),
          value_at_risk: view.value_at_risk,
          currency: view.currency,
          position: view.position,
        };
      }),
    );
  }
}
