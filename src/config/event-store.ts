import { join } from 'node:path';

import { LEDGER_STREAMS } from '../domain/ledger';
import { isSameServer, readEsdbAddress } from '../event-store/esdb-address';
import { isSameFile } from '../event-store/file-identity';
import { readPath, type Get } from './paths';

/** Where the ledger is kept. */
export type EventStoreChoice =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'eventstoredb';
      /** Secret, because it may contain a password. */
      readonly connectionString: string;
      /** The prefix of every stream's name; may be empty. */
      readonly streamPrefix: string;
    };

/**
 * How the names of the ledger's streams begin. A prefix must not contain any of them, or its streams would look like
 * another ledger's.
 */
const RESERVED = [...LEDGER_STREAMS.names, ...LEDGER_STREAMS.beginnings];

/**
 * Reads a value of EVENT_STORE_URL: a file, or a server as `esdb://` or `esdb+discover://`.
 * @param name of the variable or option, for messages. They never quote the value, which may contain a password.
 */
export function readEventStore(
  name: string,
  get: Get,
  dataDir: string,
  streamPrefix: string,
  mistakes: string[],
): EventStoreChoice {
  const connectionString = get(name) ?? '';
  if (/^esdb(\+discover)?:/i.test(connectionString)) {
    const address = readEsdbAddress(connectionString);
    if (typeof address === 'string') mistakes.push(`${name} ${address}.`);
    return { kind: 'eventstoredb', connectionString, streamPrefix };
  }
  if (streamPrefix !== '') {
    mistakes.push(
      `A stream prefix is set, but ${name} names no server: a ledger in a file needs no prefix.`,
    );
  }
  const path = readPath(name, get, join(dataDir, 'events.db'), mistakes);
  return { kind: 'sqlite', path };
}

/** Reads the prefix of the ledger's streams. */
export function readStreamPrefix(name: string, get: Get, mistakes: string[]): string {
  const prefix = get(name) ?? '';
  if (
    /^([A-Za-z0-9][A-Za-z0-9_.:~-]{0,63})?$/.test(prefix) &&
    !RESERVED.some((name) => prefix.includes(name))
  ) {
    return prefix;
  }
  mistakes.push(
    `${name} is "${prefix}": it must be 1 to 64 characters of A-Z a-z 0-9 _ . : ~ -, begin with a letter or digit, and hold none of the names of streams (${RESERVED.join(', ')}).`,
  );
  return '';
}

/**
 * Whether two choices are the same ledger: the same file, whatever its path, or the same server, as far as the
 * addresses show.
 */
export function isSameStore(a: EventStoreChoice, b: EventStoreChoice): boolean {
  switch (a.kind) {
    case 'sqlite':
      return b.kind === 'sqlite' && isSameFile(a.path, b.path);
    case 'eventstoredb': {
      if (b.kind !== 'eventstoredb' || a.streamPrefix !== b.streamPrefix) return false;
      const [one, other] = [a, b].map((choice) => readEsdbAddress(choice.connectionString));
      return typeof one === 'object' && typeof other === 'object' && isSameServer(one, other);
    }
  }
}

/** Returns the path of the ledger's file; `undefined` if a server keeps the ledger. */
export function fileOfEventStore(choice: EventStoreChoice): string | undefined {
  switch (choice.kind) {
    case 'sqlite':
      return choice.path;
    case 'eventstoredb':
      return undefined;
  }
}

/** Says, for a person, what to set so that the next start opens a new ledger. */
export function elsewhereThan(choice: EventStoreChoice): string {
  switch (choice.kind) {
    case 'sqlite':
      return 'an empty DATA_DIR';
    case 'eventstoredb':
      return 'another STREAM_PREFIX and empty read models';
  }
}

/** Describes the ledger for a person, without user and password. */
export function describeEventStore(choice: EventStoreChoice): string {
  switch (choice.kind) {
    case 'sqlite':
      return choice.path;
    case 'eventstoredb':
      return describeServer(choice);
  }
}

function describeServer(choice: EventStoreChoice & { kind: 'eventstoredb' }): string {
  const address = readEsdbAddress(choice.connectionString);
  const hosts =
    typeof address === 'string'
      ? ''
      : address.hosts.map(({ host, port }) => `${host}:${port}`).join(',');
  const prefix = choice.streamPrefix === '' ? '' : `, streams ${choice.streamPrefix}…`;
  return `EventStoreDB at ${hosts}${prefix}`;
}
