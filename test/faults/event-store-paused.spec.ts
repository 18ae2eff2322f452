import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import type { Patience } from '../../src/event-store/eventstoredb/connection';
import { NO_STREAM, START, type EventStore, type StreamAppend } from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { newPrefix, SERVER } from '../support/event-store-server';
import { eventually, pause } from '../support/eventually';

/** The server's process id, if tests may pause it; nobody else may use the server then. */
const PID = Number(process.env['TEST_EVENT_STORE_PID'] ?? 0);
const describeWithOwnServer = SERVER !== undefined && PID > 0 ? describe : describe.skip;

const PATIENCE: Patience = { callMs: 500, totalMs: 20_000 };
const STREAMS = 300;

const to = (stream: string, events: StreamAppend['events']): StreamAppend => ({
  stream,
  expectedRevision: NO_STREAM,
  events,
});

/**
 * The server is paused with writes queued, and resumes with their repetitions queued after them. Events that it has
 * written but not yet indexed, it looks up by event id alone. So if the id is also in another stream, it takes a
 * repetition for another writer's append.
 */
describeWithOwnServer('the EventStoreDB adapter, when the server is paused for a while', () => {
  const stores: EventStore[] = [];
  const open = () => {
    const store = new EventStoreDbEventStore({
      connectionString: SERVER!,
      streams: { prefix: newPrefix(), names: [], beginnings: [''] },
      patience: PATIENCE,
    });
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    process.kill(PID, 'SIGCONT');
    for (const store of stores.splice(0)) await store.close();
  });

  it('never calls its own write a conflict, whatever the server answers', async () => {
    for (let round = 0; round < 3; round += 1) {
      const events = Array.from({ length: STREAMS }, () => [anEvent(), anEvent()]);
      const elsewhere = open();
      await elsewhere.append(events.map((one, index) => to(`e-${index}`, one)));
      await elsewhere.close();
      const store = open();
      await store.append([to('warm', [anEvent()])]);
      const answer = store.append(events.map((one, index) => to(`s-${index}`, one)));
      await pause(20 + 30 * round);
      process.kill(PID, 'SIGSTOP');
      await pause(3 * PATIENCE.callMs);
      process.kill(PID, 'SIGCONT');
      const outcomes = await answer;
      expect(outcomes.filter((one) => one.status !== 'appended')).toEqual([]);
      const there = await store.readAll(START, 10_000);
      expect(there).toHaveLength(1 + 2 * STREAMS);
      const acknowledged = await Promise.all(
        [0, STREAMS - 1].map(async (index) => (await store.readStream(`s-${index}`, 0, 2))[0]),
      );
      expect([outcomes[0], outcomes.at(-1)]).toMatchObject(
        acknowledged.map((one) => ({ positions: [one!.acknowledged, one!.acknowledged] })),
      );
    }
  }, 240_000);

  it('continues a subscription once the server continues', async () => {
    const store = open();
    let seen = 0;
    const subscription = store.subscribe({
      after: START,
      pageSize: 50,
      onPage: (events) => Promise.resolve(void (seen += events.length)),
    });
    await store.append([to('a', [anEvent()])]);
    await eventually(() => seen === 1);
    process.kill(PID, 'SIGSTOP');
    const late = store.append([to('b', [anEvent()])]);
    await pause(2_000);
    process.kill(PID, 'SIGCONT');
    expect((await late)[0]!.status).toBe('appended');
    await eventually(() => seen === 2);
    await subscription.close();
  });
});
