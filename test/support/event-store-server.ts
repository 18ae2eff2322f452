import { randomBytes } from 'node:crypto';

/** The address of a real EventStoreDB; `undefined` where none answers (test/setup/find-event-store.mjs). */
export const SERVER = process.env['FOUND_EVENT_STORE_URL'];

/** `describe` where a server answers; else its tests are reported as skipped, by name. */
export const describeWithServer = SERVER === undefined ? describe.skip : describe;

/** A prefix of streams that no other test and no other run has: one server serves them all. */
export function newPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}.`;
}

let onServer = false;
const prefixes = new Map<string, string>();

/** From now on the services that this test file starts keep their ledgers on the server, each under a prefix of its own. */
export function useServer(): void {
  onServer = true;
}

/** The environment of a service's event store: the same ledger for the same data folder. */
export function storeOf(dataDir: string): Readonly<Record<string, string>> {
  if (!onServer) return {};
  const prefix = prefixes.get(dataDir) ?? newPrefix();
  prefixes.set(dataDir, prefix);
  return { EVENT_STORE_URL: SERVER!, STREAM_PREFIX: prefix };
}
