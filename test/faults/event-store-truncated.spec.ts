import { EventStoreDBClient } from '@eventstore/db-client';

import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { NO_STREAM } from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';

describeWithServer('a stream of a ledger that somebody deleted or truncated on the server', () => {
  let prefix: string;
  let store: EventStoreDbEventStore;
  let client: EventStoreDBClient;
  beforeEach(() => {
    prefix = newPrefix();
    const streams = { prefix, names: [], beginnings: [''] };
    store = new EventStoreDbEventStore({ connectionString: SERVER!, streams });
    client = EventStoreDBClient.connectionString(SERVER!);
  });
  afterEach(async () => {
    await store.close();
    await client.dispose();
  });

  const events = (count: number) => Array.from({ length: count }, () => anEvent());
  const refused = {
    code: 'refused',
    message: expect.stringContaining('restore a backup') as string,
  };

  it('is not read as if its first events had never been there', async () => {
    await store.append([{ stream: 'a', expectedRevision: NO_STREAM, events: events(3) }]);
    await client.setStreamMetadata(`${prefix}a`, { maxCount: 1 });
    await expect(store.readStream('a', 0, 10)).rejects.toMatchObject(refused);
    expect(await store.readStream('a', 2, 10)).toHaveLength(1);
  });

  it('does not count as a new one when it is written to', async () => {
    await store.append([{ stream: 'a', expectedRevision: NO_STREAM, events: events(2) }]);
    await client.deleteStream(`${prefix}a`);
    const append = { stream: 'a', expectedRevision: NO_STREAM, events: events(1) };
    expect(await store.append([append])).toMatchObject([{ status: 'failed', error: refused }]);
  });

  it('is not confused with an append that is repeated', async () => {
    const append = { stream: 'a', expectedRevision: NO_STREAM, events: events(3) };
    const [first] = await store.append([append]);
    await store.append([{ stream: 'a', expectedRevision: 2, events: events(1) }]);
    expect(await store.append([append])).toEqual([first]);
  });
});
