import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { NO_STREAM, type EventStore } from '../../src/event-store/port';
import { anEvent } from '../contract/event-store.contract';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { pause } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';

const to = (stream: string) => ({ stream, expectedRevision: NO_STREAM, events: [anEvent()] });

describeWithServer('two clients of EventStoreDB in one process', () => {
  const open: { store: EventStore; proxy: TcpProxy }[] = [];
  const connect = async () => {
    const proxy = await TcpProxy.start(SERVER!);
    const streams = { prefix: newPrefix(), names: [], beginnings: [''] };
    const patience = { callMs: 4_000, totalMs: 20_000 };
    const store = new EventStoreDbEventStore({ connectionString: proxy.url, streams, patience });
    open.push({ store, proxy });
    await store.append([to('warm')]);
    return { store, proxy };
  };
  afterEach(async () => {
    for (const { store, proxy } of open.splice(0)) {
      await store.close();
      await proxy.down();
    }
  });

  it('survive an answer that arrives after their shared registry was emptied', async () => {
    const one = await connect();
    const other = await connect();
    const thrown: unknown[] = [];
    const note = (error: unknown) => void thrown.push(error);
    process.on('uncaughtException', note);
    try {
      one.proxy.set('hold');
      other.proxy.set('keep');
      const answers = [one.store.append([to('s')]), other.store.append([to('s')])];
      await pause(300);
      one.proxy.cut();
      await pause(100);
      one.proxy.set('pass');
      other.proxy.set('pass');
      const outcomes = (await Promise.all(answers)).flat();
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['appended', 'appended']);
    } finally {
      process.off('uncaughtException', note);
    }
    expect(thrown).toEqual([]);
  });
});
