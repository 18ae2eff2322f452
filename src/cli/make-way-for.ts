import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from './usage-error';

/**
 * Removes the empty folder that an option names, so that the finished one can take its name.
 * @throws UsageError if it is not empty, or a mount point, which nothing can be renamed to.
 */
export function makeWayFor(option: string, folder: string): void {
  if (!existsSync(folder)) return;
  if (readdirSync(folder).length > 0) {
    throw new UsageError(`${option} is ${folder}, which is not empty. Name a new folder.`);
  }
  try {
    rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    throw new UsageError(
      `${option} is ${folder}, where a volume is mounted. Name a new folder inside it, such as ${join(folder, 'ledger')}.`,
      { cause: error },
    );
  }
}
