import { parentPort, workerData } from 'node:worker_threads';

import { threadPort } from '../../../lib/thread';
import { EventStoreDbEventStore, type EventStoreDbOptions } from '../eventstoredb-event-store';
import type { JoinRequest } from './messages';
import { serveStore } from './serve-store';

/** The thread that speaks to the server. It serves its {@link StoreThread}, and other threads that join. */
const store = new EventStoreDbEventStore(workerData as EventStoreDbOptions);
const parent = threadPort(parentPort!);

serveStore(
  { ...parent, onMessage: (listener) => parent.onMessage((one) => isJoin(one) || listener(one)) },
  store,
  () => store.close(),
);

/**
 * Serves a thread that asks to join. Returns whether the message was such a request. When that thread goes, the store
 * stays.
 */
function isJoin(message: unknown): boolean {
  const { join } = message as Partial<JoinRequest>;
  if (join !== undefined) serveStore(threadPort(join), store, () => Promise.resolve());
  return join !== undefined;
}
