import { randomBytes } from 'node:crypto';

/** The address of a real EventStoreDB; `undefined` where none answers (test/setup/find-event-store.mjs). */
export const SERVER = process.env['FOUND_EVENT_STORE_URL'];

/** `describe` where a server answers; else its tests are reported as skipped, by name. */
export const describeWithServer = SERVER === undefined ? describe.skip : describe;

/** A prefix of streams that no other test and no other run has: one server serves them all. */
export function newPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}.`;
}
