import { randomUUID } from 'node:crypto';

import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store';
import { OwnRecords } from '../../src/event-store/eventstoredb/own-records';
import { OwnStreams } from '../../src/event-store/eventstoredb/own-streams';
import { NO_STREAM, START, type NewEvent, type StoredEvent } from '../../src/event-store/port';
import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';

const RECORDED = Date.parse('2026-11-26T00:00:00Z');

function anEvent(text: string): NewEvent {
  const body = JSON.stringify({ text });
  return { id: randomUUID(), type: 'transcription.session.started', body, recordedAt: RECORDED };
}

function open(prefix: string): EventStoreDbEventStore {
  const streams = { prefix, names: [], beginnings: [''] };
  return new EventStoreDbEventStore({ connectionString: SERVER!, streams });
}

async function all(store: EventStoreDbEventStore, from = START): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(events.at(-1)?.position ?? from, 1_000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

describeWithServer('records of this process on a real server', () => {
  it('have the calculated length: the events of one append lie directly after one another', async () => {
    const prefix = newPrefix();
    const store = open(prefix);
    const own = new OwnRecords(new OwnStreams({ prefix, names: [], beginnings: [''] }));
    const texts = ['', 'ä€😀', 'x'.repeat(100), 'x'.repeat(40_000), '"\\\n', ...'abcdefgh'];
    for (const name of ['s', 's'.repeat(120), 's'.repeat(200), 'Sitzung-ü']) {
      const events = texts.map(anEvent);
      await store.append([{ stream: name, expectedRevision: NO_STREAM, events }]);
    }
    const stored = await all(store);
    for (const [index, event] of stored.entries()) {
      const left = texts.length - 1 - (index % texts.length);
      const next = stored[index + 1];
      if (left > 0) expect(own.endOf(event, left)).toBe(next!.position);
      else if (next !== undefined) expect(own.endOf(event, 0)).toBeLessThanOrEqual(next.position);
    }
    await store.close();
  });

  it('are delivered once and in order, whatever another process writes between them', async () => {
    const prefix = newPrefix();
    const [store, other] = [open(prefix), open(prefix)];
    const first = { stream: 'first', expectedRevision: NO_STREAM, events: [anEvent('first')] };
    await store.append([first]);
    const after = await store.head();
    const seen: StoredEvent[] = [];
    const take = jest.spyOn(OwnRecords.prototype, 'take');
    const subscription = store.subscribe({
      after,
      pageSize: 500,
      onPage: (events) => {
        seen.push(...events);
        return Promise.resolve();
      },
      isAwaited: () => false,
    });
    try {
      let session = 0;
      const write = async (by: EventStoreDbEventStore, sessions: number) => {
        const appends = Array.from({ length: sessions }, () => ({
          stream: `session-${(session += 1)}`,
          expectedRevision: NO_STREAM,
          events: Array.from({ length: 1 + (session % 3) }, (_, index) => anEvent(`${index}`)),
        }));
        for (const outcome of await by.append(appends)) expect(outcome.status).toBe('appended');
      };
      const until = Date.now() + 4_000;
      for (let round = 0; Date.now() < until; round += 1) {
        await write(store, 200);
        // From time to time the other process writes too, during an append and between two.
        if (round % 7 === 3) await Promise.all([write(store, 100), write(other, 2)]);
        if (round % 11 === 5) await write(other, 1);
      }
      const stored = await all(store, after);
      for (let waits = 0; seen.length < stored.length && waits < 100; waits += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(seen).toEqual(stored);
      expect(stored.length).toBeGreaterThan(1_000);
      // Otherwise everything was read from the server.
      const takes = take.mock.results.map(({ value }) => value as ReturnType<OwnRecords['take']>);
      expect(takes.some(({ events }) => events.length > 100)).toBe(true);
      take.mockRestore();
    } finally {
      await Promise.all([subscription.close(), store.close(), other.close()]);
    }
  });
});
