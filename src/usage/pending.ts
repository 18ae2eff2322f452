import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';

import { Clock } from '../platform/clock';
import { ReadModel } from '../read-model/queries';
import type { WaitingView } from '../read-model/views';
import { readCursor, toPage, type Page } from './cursor';

/** Completed attempts that have no usage log yet, oldest first, with what they are worth. */
export class Pending extends Query<Page<object>> {
  constructor(
    readonly cursor: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(Pending)
export class PendingHandler implements IQueryHandler<Pending, Page<object>> {
  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  execute({ cursor, limit }: Pending): Promise<Page<object>> {
    const after = readCursor(cursor);
    const now = this.clock.now();
    return this.readModel.read(async (snapshot) =>
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
          // Another clock may have been a little ahead of ours: an age is never negative.
          age_seconds: Math.max(0, Math.floor((now - row.completed_at) / 1000)),
          value_at_risk: view.value_at_risk,
          currency: view.currency,
          position: view.position,
        };
      }),
    );
  }
}
