import { open } from 'node:fs/promises';

/** Makes changes of the names in a folder durable, after files were made, renamed or removed. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
