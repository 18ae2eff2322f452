import { LEDGER_OPENED, LEDGER_STREAM, writeLedgerEvent } from '../domain/ledger';
import { StoreError } from '../event-store/errors';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import {
  NO_STREAM,
  START,
  type NewEvent,
  type Position,
  type StreamAppend,
} from '../event-store/port';
import { copyLedger } from './copy';

let next = 0;

function anEvent(type = 'test.happened', body = '{"a":1}'): NewEvent {
  next += 1;
  const id = `00000000-0000-8000-8000-${String(next).padStart(12, '0')}`;
  return { id, type, body, recordedAt: next };
}

function opened(ledger_id: string): NewEvent {
  const data = { ledger_id, billing_time_zone: 'UTC', rate_cards: [], plans: {} };
  return anEvent(LEDGER_OPENED, writeLedgerEvent(data));
}

/** Makes a ledger of many events, in streams that take turns. */
async function aLedger(events = 5_000): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  await store.append([
    { stream: LEDGER_STREAM, expectedRevision: NO_STREAM, events: [opened('one')] },
  ]);
  const appends: StreamAppend[] = [];
  for (let at = 0; at < events; at += 2) {
    const expectedRevision = Math.floor(at / 100) * 2 - 1;
    appends.push({
      stream: `s-${(at / 2) % 50}`,
      expectedRevision,
      events: [anEvent(), anEvent()],
    });
  }
  await store.appendInOrder(appends);
  return store;
}

const nothing = () => undefined;
const withoutPause = { pauseMs: () => 0 };

describe('copying a ledger', () => {
  it('gives the copy the same events in the same order, and writes nothing the second time', async () => {
    const [source, target] = [await aLedger(), new MemoryEventStore()];
    const first = await copyLedger(source, target, nothing);
    expect(first).toMatchObject({ alreadyThere: 0, place: { size: 5_001 } });
    expect(await target.readAll(START, 10_000)).toEqual(await source.readAll(START, 10_000));
    const again = await copyLedger(source, target, nothing);
    expect(again).toMatchObject({ alreadyThere: 5_001, place: { size: 5_001 } });
    expect(await target.head()).toBe(5_001);
  });

  it('continues where it stopped, even if the target failed after writing part of a page', async () => {
    const [source, target] = [await aLedger(), new MemoryEventStore()];
    let calls = 0;
    const failing = {
      readAll: target.readAll.bind(target),
      appendInOrder: async (appends: readonly StreamAppend[]) => {
        calls += 1;
        if (calls % 2 === 0) return target.appendInOrder(appends);
        await target.appendInOrder(appends.slice(0, 37));
        throw new StoreError(calls % 4 === 1 ? 'outcome_unknown' : 'unavailable', 'gone');
      },
    };
    const { place } = await copyLedger(source, failing, nothing, withoutPause);
    expect(place.size).toBe(5_001);
    expect(await target.readAll(START, 10_000)).toEqual(await source.readAll(START, 10_000));
  });

  it('continues even if large events end the pages of the two stores at different places', async () => {
    const [source, target] = [await aLedger(), new MemoryEventStore()];
    await copyLedger(source, target, nothing);
    const short = {
      readAll: (after: Position, limit: number) => source.readAll(after, Math.min(limit, 7)),
    };
    const again = await copyLedger(short, target, nothing);
    expect(again).toMatchObject({ alreadyThere: 5_001, place: { size: 5_001 } });
  });

  it('gives up on a target that accepts nothing, after several tries', async () => {
    const source = await aLedger(10);
    let calls = 0;
    const gone = {
      readAll: () => Promise.resolve([]),
      appendInOrder: () => {
        calls += 1;
        return Promise.reject(new StoreError('unavailable', 'gone'));
      },
    };
    await expect(copyLedger(source, gone, nothing, withoutPause)).rejects.toThrow('gone');
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThan(20);
  });

  it('writes nothing to a target that holds another ledger', async () => {
    const [source, target] = [await aLedger(10), new MemoryEventStore()];
    await target.append([
      { stream: LEDGER_STREAM, expectedRevision: NO_STREAM, events: [opened('two')] },
    ]);
    await expect(copyLedger(source, target, nothing)).rejects.toThrow('another ledger (two)');
    expect(await target.head()).toBe(1);
  });

  it.each([
    ['changed', { body: '{"a":2}' }],
    ['stamped at another time', { recordedAt: 0 }],
    ['given another id', { id: '00000000-0000-8000-8000-999999999999' }],
  ])('names the first event of the target that was %s', async (_, change) => {
    const source = await aLedger(10);
    const target = new MemoryEventStore();
    const events = await source.readAll(START, 100);
    await target.appendInOrder(
      events.slice(0, 5).map((event, index) => ({
        stream: event.stream,
        expectedRevision: event.revision - 1,
        events: [index === 3 ? { ...event, ...change } : event],
      })),
    );
    await expect(copyLedger(source, target, nothing)).rejects.toThrow('index 3');
    expect(await target.head()).toBe(5);
  });

  it('refuses a target that was used since it was copied', async () => {
    const [source, target] = [await aLedger(10), new MemoryEventStore()];
    await copyLedger(source, target, nothing);
    await target.append([{ stream: 't', expectedRevision: NO_STREAM, events: [anEvent()] }]);
    await expect(copyLedger(source, target, nothing)).rejects.toThrow('index 11');
  });

  it('refuses a source that is empty or not a ledger', async () => {
    const source = new MemoryEventStore();
    const target = new MemoryEventStore();
    await expect(copyLedger(source, target, nothing)).rejects.toThrow('holds no ledger');
    await source.append([{ stream: 't', expectedRevision: NO_STREAM, events: [anEvent()] }]);
    await expect(copyLedger(source, target, nothing)).rejects.toThrow('test.happened');
    expect(await target.head()).toBe(START);
  });
});
