import { findEventStore } from './find-event-store.mjs';
import { makeFolder } from './own-folder.mjs';
import { findPostgres } from './postgres.mjs';

/**
 * Looks for the servers that some tests need, before the first test. Without a server, its tests are reported as
 * skipped.
 */
export default async function globalSetup() {
  await makeFolder();
  await Promise.all([findEventStore(), findPostgres()]);
}
