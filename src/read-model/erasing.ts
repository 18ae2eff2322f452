import { erasedDescription } from './log-rows';
import type { UsageLogRow } from './rows';

/** How many logs are changed at once: the descriptions of few of them may have hundreds of MB. */
export const LOGS_A_PAGE = 100;

/** The order in which a user's logs are visited: that of an index that begins with the user. */
export const ERASING_ORDER = 'billing_period, late_position, completed_at, session_id, attempt';

type Visited = Pick<
  UsageLogRow,
  | 'id'
  | 'described'
  | 'billing_period'
  | 'late_position'
  | 'completed_at'
  | 'session_id'
  | 'attempt'
>;

/** What a store does to erase: reads a page of a user's logs after a place in the order, and describes logs otherwise. */
export interface LogEraser {
  /** @param after values of {@link ERASING_ORDER}. */
  page(userId: string, after: readonly unknown[]): Promise<readonly Visited[]>;
  describe(logs: readonly Pick<UsageLogRow, 'id' | 'described'>[]): Promise<void>;
}

/** Removes everything personal from all logs of a user, page by page: they need not fit into memory. */
export async function eraseLogs(eraser: LogEraser, userId: string): Promise<void> {
  for (let after: readonly unknown[] = ['', 0, 0, '', 0]; ;) {
    const logs = await eraser.page(userId, after);
    await eraser.describe(
      logs.map(({ id, described }) => ({ id, described: erasedDescription(described) })),
    );
    if (logs.length < LOGS_A_PAGE) return;
    const { billing_period, late_position, completed_at, session_id, attempt } = logs.at(-1)!;
    after = [billing_period, late_position, completed_at, session_id, attempt];
  }
}
