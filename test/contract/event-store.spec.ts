import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('memory', () => Promise.resolve(new MemoryEventStore()));
eventStoreContract('sqlite', () =>
  Promise.resolve(
    SqliteEventStore.open(join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'events.db')),
  ),
);
