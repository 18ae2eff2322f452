import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { NO_STREAM } from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';

const HOUR_MS = 3_600_000;

describeWithServer("the EventStoreDB adapter, if its clock differs from the server's", () => {
  it.each([-HOUR_MS, HOUR_MS])('appends all the same (by %s ms)', async (by) => {
    const streams = { prefix: newPrefix(), names: [], beginnings: [''] };
    const patience = { callMs: 1_000, totalMs: 4_000 };
    const store = new EventStoreDbEventStore({ connectionString: SERVER!, streams, patience });
    const real = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + by);
    try {
      const append = { stream: 'a', expectedRevision: NO_STREAM, events: [anEvent()] };
      expect(await store.append([append])).toMatchObject([{ status: 'appended' }]);
    } finally {
      clock.mockRestore();
      await store.close();
    }
  });
});
