import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { syncFolder } from './sync-folder';

/**
 * Writes a file. It is either whole or as it was before, also after a power loss, and on disk when this returns. Until
 * then it has another name, which begins with a dot.
 * @param how.isPublic whether every user of the machine may read it, whatever the umask. A file system without modes
 * may refuse that.
 */
export async function writeDurably(
  path: string,
  text: string,
  { isPublic = false } = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'w', 0o644);
    try {
      if (isPublic) await file.chmod(0o644).catch(() => undefined);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
