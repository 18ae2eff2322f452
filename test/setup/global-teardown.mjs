import { removeFolder } from './own-folder.mjs';
import { stopPostgres } from './postgres.mjs';

/** Stops, after the last test, what was started before the first. */
export default async function globalTeardown() {
  await stopPostgres();
  await removeFolder();
}
