import { open } from 'node:fs/promises';

/** Syncs a folder, so that files that were made, renamed or removed in it stay so after a crash. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
