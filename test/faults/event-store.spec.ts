import {
  EventStoreDbEventStore,
  type EventStoreDbOptions,
} from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { ThreadedEventStore } from '../../src/event-store/eventstoredb/threaded-event-store';
import type { Patience } from '../../src/event-store/eventstoredb/connection';
import {
  NO_STREAM,
  START,
  type EventStore,
  type StoredEvent,
  type StreamAppend,
} from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { eventually, pause } from '../support/eventually';
import { build, WORKER_FILE } from '../support/process';
import { TcpProxy } from '../support/tcp-proxy';

const SHORT: Patience = { callMs: 400, totalMs: 1_200 };
const LONG: Patience = { callMs: 1_000, totalMs: 15_000 };

const to = (stream: string, expectedRevision = NO_STREAM, count = 1): StreamAppend => ({
  stream,
  expectedRevision,
  events: Array.from({ length: count }, () => anEvent()),
});

describeWithServer.each([
  [
    'in this thread',
    (options: EventStoreDbOptions) => Promise.resolve(new EventStoreDbEventStore(options)),
  ],
  [
    'on a thread of its own',
    (options: EventStoreDbOptions) => ThreadedEventStore.open(options, WORKER_FILE),
  ],
])('the EventStoreDB adapter %s, when the server or its connection fails', (_, connect) => {
  let proxy: TcpProxy;
  let prefix: string;
  let store: EventStore;
  /** Connects directly, without the faulty proxy. */
  let witness: EventStore;

  const open = (patience: Patience, url = proxy.url) => {
    const streams = { prefix, names: [], beginnings: [''] };
    return connect({ connectionString: url, streams, patience });
  };
  beforeAll(() => build(), 120_000);

  beforeEach(async () => {
    prefix = newPrefix();
    proxy = await TcpProxy.start(SERVER!);
    witness = await open(LONG, SERVER);
  });
  afterEach(async () => {
    await store.close();
    await witness.close();
    await proxy.down();
  });

  it('repeats an append whose answer was lost, which is then stored once', async () => {
    store = await open(LONG);
    await store.append([to('warm')]);
    proxy.set('swallow');
    const answer = store.append([to('s', NO_STREAM, 3)]);
    await eventually(async () => (await witness.readStream('s', 0, 10)).length === 3);
    proxy.set('pass');
    proxy.cut();
    const [outcome] = await answer;
    expect(outcome!.status).toBe('appended');
    const events = await witness.readStream('s', 0, 10);
    expect(events).toHaveLength(3);
    expect(outcome).toMatchObject({ positions: events.map((event) => event.acknowledged) });
  });

  it('gives up on a server that accepts everything and answers nothing, and recovers when it answers', async () => {
    store = await open(SHORT);
    await store.append([to('warm')]);
    proxy.set('hold');
    const append = to('s');
    const began = Date.now();
    const [outcome] = await store.append([append]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    await expect(store.head()).rejects.toMatchObject({ name: 'StoreError' });
    await expect(store.readStream('s', 0, 10)).rejects.toMatchObject({ name: 'StoreError' });
    await expect(store.readAll(START, 10)).rejects.toMatchObject({ name: 'StoreError' });
    expect(Date.now() - began).toBeLessThan(4 * (SHORT.totalMs + 2 * SHORT.callMs));
    proxy.set('pass');
    proxy.cut();
    const [again] = await store.append([append]);
    expect(again!.status).toBe('appended');
    expect(await store.readStream('s', 0, 10)).toHaveLength(1);
  });

  it('never takes a truncated read for a complete one after its connection is given up', async () => {
    store = await open(SHORT);
    await store.append([to('s', NO_STREAM, 3)]);
    proxy.set('hold');
    // The append's answer is missed first, so the connection is given up while the reads wait.
    const append = store.append([to('t')]);
    await pause(SHORT.callMs / 2);
    const reads = [store.readStream('s', 0, 10), store.readAll(START, 10), store.head()];
    const answers = await Promise.allSettled(reads);
    expect(answers.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect((await append)[0]!.status).toBe('failed');
  });

  it('does not try thousands of streams one by one while the server is silent', async () => {
    store = await open(SHORT);
    await store.append([to('warm')]);
    proxy.set('hold');
    const began = Date.now();
    const outcomes = await store.append(
      Array.from({ length: 3_000 }, (_, index) => to(`many-${index}`)),
    );
    expect(new Set(outcomes.map((one) => one.status))).toEqual(new Set(['failed']));
    expect(Date.now() - began).toBeLessThan(3 * SHORT.totalMs);
  });

  it('writes a batch once, though the server goes down half-way and comes back', async () => {
    store = await open(LONG);
    await store.append([to('warm')]);
    const appends = Array.from({ length: 1_000 }, (_, index) => to(`b-${index}`, NO_STREAM, 2));
    const answer = store.append(appends);
    await eventually(async () => (await witness.readAll(START, 10_000)).length > 200);
    await proxy.down();
    await pause(1_500);
    await proxy.up();
    const outcomes = await answer;
    expect(outcomes.map((one) => one.status)).toEqual(appends.map(() => 'appended'));
    const events = await witness.readAll(START, 10_000);
    expect(events).toHaveLength(1 + 2 * appends.length);
    const ids = new Set(events.map((event) => event.id));
    for (const { events: sent } of appends)
      for (const event of sent) expect(ids).toContain(event.id);
  });

  it('says that nothing was written if the server is not there at all', async () => {
    await proxy.down();
    store = await open(SHORT);
    const began = Date.now();
    const [outcome] = await store.append([to('s')]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
    expect(Date.now() - began).toBeLessThan(SHORT.totalMs);
    await proxy.up();
    expect((await store.append([to('s')]))[0]!.status).toBe('appended');
  });

  it('recovers from a failed cluster discovery, which the client alone never does', async () => {
    // The server is reachable, but does not answer who belongs to the cluster.
    proxy.set('hold');
    const discover = `${proxy.url.replace('esdb://', 'esdb+discover://')}&maxDiscoverAttempts=1&gossipTimeout=200`;
    store = await open(SHORT, discover);
    expect((await store.append([to('s')]))[0]!.status).toBe('failed');
    proxy.set('pass');
    proxy.cut();
    // The gossip names the server's own address, behind the proxy.
    expect((await store.append([to('s')]))[0]!.status).toBe('appended');
  });

  it('continues a subscription that is cut off again and again, without a gap or a repetition', async () => {
    store = await open(LONG);
    const seen: StoredEvent[] = [];
    const subscription = store.subscribe({
      after: START,
      pageSize: 20,
      onPage: async (events) => {
        seen.push(...events);
        await pause(1);
      },
    });
    for (let round = 0; round < 8; round += 1) {
      await witness.append(
        Array.from({ length: 50 }, (_, index) => to(`c-${round}-${index}`, NO_STREAM, 2)),
      );
      if (round % 2 === 0) proxy.cut();
      else {
        await proxy.down();
        await pause(100);
        await proxy.up();
      }
    }
    await eventually(() => seen.length >= 800);
    await subscription.close();
    expect(seen.map((event) => event.position)).toEqual(
      (await witness.readAll(START, 10_000)).map((event) => event.position),
    );
  });

  it('continues a subscription that no server answered at first', async () => {
    store = await open(SHORT);
    proxy.set('hold');
    let seen = 0;
    const subscription = store.subscribe({
      after: START,
      pageSize: 20,
      onPage: (events) => Promise.resolve(void (seen += events.length)),
    });
    await witness.append([to('s', NO_STREAM, 5)]);
    await pause(SHORT.totalMs);
    expect(seen).toBe(0);
    proxy.set('pass');
    await eventually(() => seen === 5);
    await subscription.close();
  });

  it("does not read other programs' events between two of its own twice", async () => {
    store = await open(LONG);
    await store.append([to('s')]);
    const foreign = new EventStoreDbEventStore({
      connectionString: SERVER!,
      streams: { prefix: newPrefix(), names: [], beginnings: [''] },
    });
    await foreign.append(Array.from({ length: 300 }, (_, index) => to(`f-${index}`, NO_STREAM, 4)));
    await foreign.close();
    const seen: number[] = [];
    const subscription = store.subscribe({
      after: START,
      pageSize: 20,
      onPage: (events) => Promise.resolve(void seen.push(...events.map((one) => one.position))),
    });
    await eventually(() => seen.length === 1);
    proxy.cut();
    await store.append([to('s2')]);
    await eventually(() => seen.length === 2);
    expect(await store.head()).toBe(seen[1]);
    expect(await store.last()).toMatchObject({ stream: 's2', position: seen[1] });
    await subscription.close();
  });
});
