import { randomUUID } from 'node:crypto';

import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { NO_STREAM, START, type NewEvent } from '../../src/event-store/port';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';

const RECORDED = Date.parse('2026-12-01T00:00:00Z');

function anEvent(): NewEvent {
  const body = JSON.stringify({ text: 'x' });
  return { id: randomUUID(), type: 'transcription.session.started', body, recordedAt: RECORDED };
}

function open(prefix: string): EventStoreDbEventStore {
  const streams = { prefix, names: [], beginnings: [''] };
  return new EventStoreDbEventStore({ connectionString: SERVER!, streams });
}

async function write(store: EventStoreDbEventStore, stream: string, count: number) {
  const events = Array.from({ length: count }, anEvent);
  const [outcome] = await store.append([{ stream, expectedRevision: NO_STREAM, events }]);
  if (outcome?.status !== 'appended') throw new Error('The append was refused.');
  return outcome.positions.at(-1)!;
}

describeWithServer('the head, where another program writes to the same server', () => {
  const prefix = newPrefix();
  let asking: EventStoreDbEventStore;
  let ours: EventStoreDbEventStore;
  let theirs: EventStoreDbEventStore;

  beforeAll(() => {
    [asking, ours, theirs] = [open(prefix), open(prefix), open(newPrefix())];
  });
  afterAll(() => Promise.all([asking, ours, theirs].map((store) => store.close())));

  it('is none for an empty ledger, however many events the other program wrote', async () => {
    for (let n = 0; n < 3; n += 1) await write(theirs, `their-${n}`, 2_000);

    expect(await asking.head()).toBe(START);
    expect(await asking.last()).toBeUndefined();
  });

  it('is found among events of the other program that came since the last search', async () => {
    // More than one page of our own events, with thousands of others before, between and after.
    await write(theirs, 'their-a', 1_000);
    await write(ours, 'session-a', 700);
    await write(theirs, 'their-b', 1_000);
    const last = await write(ours, 'session-b', 1);
    await write(theirs, 'their-c', 1_000);

    expect(await asking.head()).toBe(last);
    expect((await asking.last())?.position).toBe(last);
  });

  it('stays the same if only the other program wrote', async () => {
    const before = await asking.head();
    await write(theirs, 'their-d', 2_000);

    expect(await asking.head()).toBe(before);
    const last = await write(ours, 'session-c', 1);
    expect(await asking.head()).toBe(last);
  });
});
