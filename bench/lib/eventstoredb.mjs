/**
 * The EventStoreDB at TEST_EVENT_STORE_URL. The streams that are written there stay: use a server that serves nothing
 * else.
 */
import { findEventStore } from '../../test/setup/find-event-store.mjs';

/** @returns its connection string, or `undefined`, after saying why, if none answers. */
export async function eventStoreUrl() {
  const url = process.env.TEST_EVENT_STORE_URL;
  if (url) await findEventStore();
  if (url && process.env.FOUND_EVENT_STORE_URL) return url;
  const why = url ? 'no server answers at TEST_EVENT_STORE_URL' : 'TEST_EVENT_STORE_URL is not set';
  console.error(`EventStoreDB: skipped, because ${why}.`);
  return undefined;
}
