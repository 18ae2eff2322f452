import { findEventStore } from './find-event-store.mjs';
import { findPostgres } from './postgres.mjs';

/** Looks, before the first test, for the servers that some tests need; without them these are reported as skipped. */
export default async function globalSetup() {
  await Promise.all([findEventStore(), findPostgres()]);
}
