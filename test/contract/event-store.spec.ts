import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { ThreadedEventStore } from '../../src/event-store/eventstoredb/threaded-event-store';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { build, WORKER_FILE } from '../support/process';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('memory', () => Promise.resolve(new MemoryEventStore()));
eventStoreContract('sqlite', () =>
  Promise.resolve(
    SqliteEventStore.open(join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'events.db')),
  ),
);
eventStoreContract(
  'eventstoredb',
  () => {
    const streams = { prefix: newPrefix(), names: [], beginnings: [''] };
    return Promise.resolve(new EventStoreDbEventStore({ connectionString: SERVER!, streams }));
  },
  describeWithServer,
);

describeWithServer('on a thread of its own', () => {
  beforeAll(() => build(), 120_000);
  eventStoreContract('eventstoredb', () => {
    const streams = { prefix: newPrefix(), names: [], beginnings: [''] };
    return ThreadedEventStore.open({ connectionString: SERVER!, streams }, WORKER_FILE);
  });
});
