import { findEventStore } from './find-event-store.mjs';

/** Looks, before the first test, for the servers that some tests need; without them these are reported as skipped. */
export default async function globalSetup() {
  await findEventStore();
}
