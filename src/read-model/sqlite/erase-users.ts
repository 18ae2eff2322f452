import { setImmediate as turn } from 'node:timers/promises';

import { eraseLogs, type LogEraser } from '../erasing';
import type { prepareStatements } from './row-statements';

type Statements = Pick<ReturnType<typeof prepareStatements>, 'userLogs' | 'describeLog'>;

/**
 * Removes everything personal from the logs of some users. Between pages, others on this thread get a turn.
 * @param write runs work within the transaction of the commit.
 */
export async function eraseUsers(
  statements: Statements,
  users: readonly string[],
  write: (work: () => void) => void,
): Promise<void> {
  const eraser: LogEraser = {
    page: async (userId, after) => {
      await turn();
      return statements.userLogs.all(userId, ...after);
    },
    describe: (logs) => {
      write(() => {
        for (const { id, described } of logs) statements.describeLog.run(described, id);
      });
      return Promise.resolve();
    },
  };
  for (const userId of users) await eraseLogs(eraser, userId);
}
