import { rename, rm } from 'node:fs/promises';

/** Has a file written that is there, under its name, only once it is whole. */
export async function writeWhole<T>(
  path: string,
  write: (partial: string) => Promise<T>,
): Promise<T> {
  const partial = `${path}.partial`;
  try {
    const written = await write(partial);
    await rename(partial, path);
    return written;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
