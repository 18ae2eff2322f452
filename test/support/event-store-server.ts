import { randomBytes } from 'node:crypto';

/** The address of a real EventStoreDB; `undefined` if none answers (test/setup/find-event-store.mjs). */
export const SERVER = process.env['FOUND_EVENT_STORE_URL'];

/** `describe` if a server answers; otherwise its tests are reported as skipped, by name. */
export const describeWithServer = SERVER === undefined ? describe.skip : describe;

/** A stream prefix that no other test or run uses, because all of them share one server. */
export function newPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}.`;
}

let onServer = false;
const prefixes = new Map<string, string>();

/**
 * Services that this test file starts from now on keep their ledgers on the server, each under a prefix of its own.
 */
export function useServer(): void {
  onServer = true;
}

/** The environment of a service's event store: the same data folder gets the same ledger. */
export function storeOf(dataDir: string): Readonly<Record<string, string>> {
  if (!onServer) return {};
  const prefix = prefixes.get(dataDir) ?? newPrefix();
  prefixes.set(dataDir, prefix);
  return { EVENT_STORE_URL: SERVER!, STREAM_PREFIX: prefix };
}
