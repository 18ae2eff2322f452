import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { StoreError } from '../event-store/errors';

/** Makes a file's folder if it does not exist, for this user only. @throws StoreError `refused` if it can't. */
export function makeFolderOf(path: string): void {
  const folder = dirname(path);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      'refused',
      `The folder ${folder} could not be made (${(error as NodeJS.ErrnoException).code}). Make it for this user, or choose another DATA_DIR, EVENT_STORE_URL or READ_MODEL_URL.`,
      { cause: error },
    );
  }
}
