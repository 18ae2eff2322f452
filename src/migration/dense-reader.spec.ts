import { NO_STREAM, START, type Position, type StreamEvent } from '../event-store/port';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import { DenseReader } from './dense-reader';

/** A store whose positions have gaps. */
async function sparse(events: number) {
  const store = new MemoryEventStore();
  await store.appendInOrder(
    Array.from({ length: events }, (_, index) => ({
      stream: `s-${index % 3}`,
      expectedRevision: Math.floor(index / 3) + NO_STREAM,
      events: [
        {
          id: `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
          type: 't',
          body: '{}',
          recordedAt: index,
        },
      ],
    })),
  );
  const wide = (position: number) => (position * 7 + 100) as Position;
  const narrow = (position: number) => (position === START ? START : (position - 100) / 7);
  return {
    readAll: async (after: Position, limit: number) =>
      (await store.readAll(narrow(after) as Position, limit)).map((event) => ({
        ...event,
        position: wide(event.position),
      })),
    readStream: async (stream: string, from: number, limit: number) =>
      (await store.readStream(stream, from, limit)).map((event): StreamEvent => ({
        ...event,
        position: wide(event.position),
        acknowledged: wide(event.position),
      })),
  };
}

describe('a ledger read with indexes as positions', () => {
  it('counts from 1, page by page, and can go back to any earlier position', async () => {
    const reader = new DenseReader(await sparse(10_000));
    const seen: number[] = [];
    for (let after = START; ;) {
      const page = await reader.readAll(after, 999);
      if (page.length === 0) break;
      seen.push(...page.map((event) => event.position));
      after = page.at(-1)!.position;
    }
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
    const again = await reader.readAll(5_000 as Position, 2);
    expect(again.map((event) => [event.position, event.recordedAt])).toEqual([
      [5_001, 5_000],
      [5_002, 5_001],
    ]);
  });

  it('counts the events of a stream in the same way, and gives later positions to those that it has not read yet', async () => {
    const reader = new DenseReader(await sparse(9));
    await reader.readAll(START, 5);
    const stream = await reader.readStream('s-0', 0, 10);
    expect(stream.map((event) => event.position)).toEqual([1, 4, 6]);
  });
});
