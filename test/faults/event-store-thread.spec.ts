import { ThreadedEventStore } from '../../src/event-store/eventstoredb/threaded-event-store';
import { StoreError } from '../../src/event-store/errors';
import type { Thread } from '../../src/lib/thread';
import { NO_STREAM, START, type EventStore, type StoredEvent } from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { eventually } from '../support/eventually';
import { build, WORKER_FILE } from '../support/process';

const to = (stream: string) => ({ stream, expectedRevision: NO_STREAM, events: [anEvent()] });

/** Ends the thread as a fault inside it would. */
function killThreadOf(store: EventStore): Promise<void> {
  return (store as unknown as { thread: { thread: Thread } }).thread.thread.terminate();
}

describeWithServer('the EventStoreDB adapter, when its thread dies', () => {
  let store: EventStore;
  beforeAll(() => build(), 120_000);
  beforeEach(async () => {
    const streams = { prefix: newPrefix(), names: [], beginnings: [''] };
    store = await ThreadedEventStore.open({ connectionString: SERVER!, streams }, WORKER_FILE);
  });
  afterEach(() => store.close());

  it('calls the outcome of pending appends unknown, and accepts the same appends again', async () => {
    await store.append([to('warm')]);
    const appends = Array.from({ length: 500 }, (_, index) => to(`s-${index}`));
    const answer = store.append(appends);
    void killThreadOf(store);
    await expect(answer).rejects.toMatchObject({ name: 'StoreError', code: 'outcome_unknown' });
    const again = await store.append(appends);
    expect(new Set(again.map((one) => one.status))).toEqual(new Set(['appended']));
    expect(await store.readAll(START, 1_000)).toHaveLength(501);
  });

  it('ends subscriptions with an error, and a new one continues from any position', async () => {
    const seen: StoredEvent[] = [];
    const subscribe = () =>
      store.subscribe({
        after: seen.at(-1)?.position ?? START,
        pageSize: 10,
        onPage: (events) => Promise.resolve(void seen.push(...events)),
      });
    const first = subscribe();
    await store.append([to('a'), to('b')]);
    await eventually(() => seen.length === 2);
    await killThreadOf(store);
    await expect(first.done).rejects.toBeInstanceOf(StoreError);
    await first.close();
    await store.append([to('c')]);
    const second = subscribe();
    await eventually(() => seen.length === 3);
    await second.close();
    expect(seen.map((event) => event.stream).sort()).toEqual(['a', 'b', 'c']);
  });

  it('closes while the handler of a subscription is still running', async () => {
    let release: (() => void) | undefined;
    let running = false;
    const subscription = store.subscribe({
      after: START,
      pageSize: 10,
      onPage: async () => {
        running = true;
        await new Promise<void>((resolve) => (release = resolve));
        running = false;
      },
    });
    await store.append([to('a')]);
    await eventually(() => running);
    const closed = subscription.close();
    release!();
    await closed;
    expect(running).toBe(false);
    await subscription.done;
  });
});
