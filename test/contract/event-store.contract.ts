import { randomUUID } from 'node:crypto';

import { StoreError } from '../../src/event-store/errors';
import { isLastPage, streamPages } from '../../src/event-store/pages';
import {
  MAX_PAGE,
  NO_STREAM,
  START,
  type EventStoreTarget,
  type NewEvent,
  type Position,
  type StoredEvent,
  type StreamEvent,
} from '../../src/event-store/port';
import { eventually } from '../support/eventually';

let next = 0;

/** A new event whose id is unique across runs too: a server remembers ids for all its streams. */
export function anEvent(body = '{"a":1}'): NewEvent {
  next += 1;
  const id = randomUUID();
  return { id, type: 'test.happened', body, recordedAt: 1_700_000_000_000 + next };
}

/** What every adapter of the port must do. */
export function eventStoreContract(
  name: string,
  open: () => Promise<EventStoreTarget>,
  where: jest.Describe = describe,
): void {
  where(`the event store contract: ${name}`, () => {
    let store: EventStoreTarget;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const append = async (stream: string, expectedRevision: number, ...events: NewEvent[]) =>
      (await store.append([{ stream, expectedRevision, events }]))[0]!;

    it('accepts a first append where no stream is expected, and returns the events unchanged', async () => {
      const event = anEvent(
        JSON.stringify({ text: '漢字 \u2028 \u0001 😀', number: 1e21, b: [-0.5], a: {} }),
      );
      const outcome = await append('s', NO_STREAM, event);
      const [stored] = await store.readStream('s', 0, 10);
      expect(outcome.status).toBe('appended');
      expect(stored).toMatchObject({ ...event, stream: 's', revision: 0 });
      expect(await store.head()).toBe(stored!.position);
    });

    it('returns large pages one after another while others append: each event once, the newest last', async () => {
      const many = (name: string, count: number) =>
        store.append(
          Array.from({ length: count }, (_, index) => ({
            stream: `${name}-${index}`,
            expectedRevision: NO_STREAM,
            events: [anEvent(), anEvent()],
          })),
        );
      await many('a', 900);
      const seen: StoredEvent[] = [];
      for (let round = 0; ; round += 1) {
        const page = await store.readAll(seen.at(-1)?.position ?? START, 500);
        seen.push(...page);
        // Pages that were read ahead do not hold these events.
        if (round < 4) await many(`b-${round}`, 40);
        else if (page.length < 500) break;
      }
      const [newest] = await store.append([
        { stream: 'last', expectedRevision: NO_STREAM, events: [anEvent()] },
      ]);
      seen.push(...(await store.readAll(seen.at(-1)!.position, 500)));
      expect(newest).toEqual({ status: 'appended', positions: [seen.at(-1)!.position] });
      expect(seen).toHaveLength(2 * (900 + 4 * 40) + 1);
      expect(new Set(seen.map((event) => event.id)).size).toBe(seen.length);
      const places = seen.map((event) => event.position);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });

    it('answers a conflict with the actual revision, and writes nothing', async () => {
      await append('s', NO_STREAM, anEvent(), anEvent());
      expect(await append('s', NO_STREAM, anEvent())).toEqual({
        status: 'conflict',
        actualRevision: 1,
      });
      expect(await append('s', 5, anEvent())).toEqual({ status: 'conflict', actualRevision: 1 });
      expect(await append('t', 0, anEvent())).toEqual({ status: 'conflict', actualRevision: -1 });
      expect(await store.readAll(START, 10)).toHaveLength(2);
    });

    it('answers a repeated append with its first positions, even after later events', async () => {
      const events = [anEvent(), anEvent()];
      const first = await append('s', NO_STREAM, ...events);
      await append('s', 1, anEvent());
      expect(await append('s', NO_STREAM, ...events)).toEqual(first);
      expect(await store.readStream('s', 0, 10)).toHaveLength(3);
    });

    it('calls a partly stored append a conflict', async () => {
      const [a, b] = [anEvent(), anEvent()];
      await append('s', NO_STREAM, a);
      expect((await append('s', NO_STREAM, a, b)).status).toBe('conflict');
    });

    it('appends to several streams in one call, though one of them conflicts', async () => {
      await append('b', NO_STREAM, anEvent());
      const outcomes = await store.append(
        ['a', 'b', 'c'].map((stream) => ({
          stream,
          expectedRevision: NO_STREAM,
          events: [anEvent()],
        })),
      );
      expect(outcomes.map((one) => one.status)).toEqual(['appended', 'conflict', 'appended']);
      expect(await store.readAll(START, 10)).toHaveLength(3);
    });

    it('lets exactly one of two hundred parallel first writes through', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, () => append('s', NO_STREAM, anEvent())),
      );
      expect(outcomes.filter((one) => one.status === 'appended')).toHaveLength(1);
      expect(await store.readStream('s', 0, 10)).toHaveLength(1);
    });

    it('reads all streams in one order, page by page after a position', async () => {
      for (let i = 0; i < 5; i += 1) await append(`s${i % 2}`, Math.floor(i / 2) - 1, anEvent());
      const all = await store.readAll(START, 100);
      expect(all).toHaveLength(5);
      const paged: StoredEvent[] = [];
      let after: Position = START;
      for (;;) {
        const page = await store.readAll(after, 2);
        if (page.length === 0) break;
        paged.push(...page);
        after = page.at(-1)!.position;
      }
      expect(paged).toEqual(all);
      expect([...all].sort((a, b) => a.position - b.position)).toEqual(all);
    });

    it('reads a stream from a revision on, inclusive', async () => {
      await append('s', NO_STREAM, anEvent(), anEvent(), anEvent());
      expect((await store.readStream('s', 1, 1)).map((one) => one.revision)).toEqual([1]);
      expect(await store.readStream('s', 3, 10)).toEqual([]);
      expect(await store.readStream('nobody', 0, 10)).toEqual([]);
    });

    it('catches up from a position and then follows, without a gap or a repetition', async () => {
      await append('s', NO_STREAM, anEvent(), anEvent(), anEvent());
      const [first] = await store.readAll(START, 1);
      const seen: number[] = [];
      const subscription = store.subscribe({
        after: first!.position,
        pageSize: 2,
        onPage: (events) => {
          seen.push(...events.map((one) => one.position));
          return Promise.resolve();
        },
      });
      for (let i = 2; i < 30; i += 1) await append('s', i, anEvent());
      const expected = (await store.readAll(first!.position, 100)).map((one) => one.position);
      await eventually(() => seen.length >= expected.length);
      await subscription.close();
      expect(seen).toEqual(expected);
    });

    it('ends a subscription with the error of its handler', async () => {
      await append('s', NO_STREAM, anEvent());
      const subscription = store.subscribe({
        after: START,
        pageSize: 10,
        onPage: () => Promise.reject(new Error('no more')),
      });
      await expect(subscription.done).rejects.toThrow('no more');
    });

    it('reports for every event the position that its append was answered with, even if a page ends inside an append', async () => {
      const one = await append('s', NO_STREAM, anEvent());
      const three = await append('s', 0, anEvent(), anEvent(), anEvent());
      const all = await append('s', 3, anEvent(), anEvent());
      const answered = [one, three, all].flatMap((outcome) =>
        outcome.status === 'appended' ? outcome.positions : [],
      );
      const read = async (limit: number) => {
        const events: StreamEvent[] = [];
        for (;;) {
          const page = await store.readStream('s', events.length, limit);
          events.push(...page);
          if (page.length < limit) return events;
        }
      };
      for (const limit of [1, 2, 3, 4, 100]) {
        const events = await read(limit);
        expect(events.map((event) => event.acknowledged)).toEqual(answered);
        for (const event of events)
          expect(event.acknowledged).toBeGreaterThanOrEqual(event.position);
      }
      expect(answered.at(-1)).toBe(await store.head());
    });

    it('gives an event the same position in its stream, in all streams and in a subscription', async () => {
      await append('s', NO_STREAM, anEvent(), anEvent(), anEvent());
      await append('t', NO_STREAM, anEvent());
      const ofStreams = [
        ...(await store.readStream('s', 0, 10)),
        ...(await store.readStream('t', 0, 10)),
      ].map(({ acknowledged: _, ...event }) => event);
      expect(await store.readAll(START, 10)).toEqual(ofStreams);
      const delivered: StoredEvent[] = [];
      const subscription = store.subscribe({
        after: START,
        pageSize: 10,
        onPage: (events) => Promise.resolve(void delivered.push(...events)),
      });
      await eventually(() => delivered.length === 4);
      await subscription.close();
      expect(delivered).toEqual(ofStreams);
    });

    it('returns the last event, or none if the store is empty', async () => {
      expect(await store.last()).toBeUndefined();
      expect(await store.head()).toBe(START);
      await append('s', NO_STREAM, anEvent(), anEvent());
      await append('t', NO_STREAM, anEvent('{"last":true}'));
      expect(await store.last()).toEqual((await store.readAll(START, 10)).at(-1));
      expect((await store.last())!.position).toBe(await store.head());
    });

    it('accepts a repeated append in one call with new ones', async () => {
      const old = { stream: 's', expectedRevision: NO_STREAM, events: [anEvent(), anEvent()] };
      const [first] = await store.append([old]);
      const again = await store.append([
        old,
        { stream: 't', expectedRevision: NO_STREAM, events: [anEvent()] },
      ]);
      expect(again[0]).toEqual(first);
      expect(again[1]!.status).toBe('appended');
      expect(await store.readAll(START, 10)).toHaveLength(3);
    });

    it('calls other events at an occupied revision a conflict, whatever they hold', async () => {
      const event = anEvent();
      await append('s', NO_STREAM, event);
      const outcome = await append('s', NO_STREAM, { ...anEvent(), body: event.body });
      expect(outcome).toEqual({ status: 'conflict', actualRevision: 0 });
    });

    it('accepts appends to a thousand streams in one call', async () => {
      const streams = Array.from({ length: 1_000 }, (_, index) => `many-${index}`);
      const outcomes = await store.append(
        streams.map((stream, index) => ({
          stream,
          expectedRevision: NO_STREAM,
          events: Array.from({ length: 1 + (index % 3) }, () => anEvent()),
        })),
      );
      const waitFor = outcomes.flatMap((one) => (one.status === 'appended' ? one.positions : []));
      expect(waitFor).toHaveLength(1_999);
      expect(Math.max(...waitFor)).toBe(await store.head());
      const all = await store.readAll(START, MAX_PAGE);
      expect(all).toHaveLength(1_999);
      expect(new Set(all.map((event) => event.stream))).toEqual(new Set(streams));
    });

    it('delivers to a slow handler while others append, each event once and in order', async () => {
      const seen: number[] = [];
      const subscription = store.subscribe({
        after: START,
        pageSize: 50,
        onPage: async (events) => {
          seen.push(...events.map((one) => one.position));
          await new Promise((resolve) => setTimeout(resolve, 5));
        },
      });
      for (let round = 0; round < 10; round += 1) {
        await store.append(
          Array.from({ length: 100 }, (_, index) => ({
            stream: `slow-${round}-${index}`,
            expectedRevision: NO_STREAM,
            events: [anEvent()],
          })),
        );
      }
      await eventually(() => seen.length >= 1_000);
      await subscription.close();
      expect(seen).toEqual((await store.readAll(START, MAX_PAGE)).map((one) => one.position));
    });

    it('delivers nothing more once a subscription is closed', async () => {
      let pages = 0;
      const subscription = store.subscribe({
        after: START,
        pageSize: 10,
        onPage: () => Promise.resolve(void (pages += 1)),
      });
      await append('s', NO_STREAM, anEvent());
      await eventually(() => pages === 1);
      await subscription.close();
      await append('s', 0, anEvent());
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(pages).toBe(1);
      await expect(subscription.done).resolves.toBeUndefined();
    });

    it('keeps the order of ordered appends, even if streams repeat', async () => {
      const appends = Array.from({ length: 600 }, (_, index) => ({
        stream: `o-${index % 40}`,
        expectedRevision: Math.floor(index / 40) * 2 + NO_STREAM,
        events: [anEvent(), anEvent()],
      }));
      await store.appendInOrder(appends);
      const expected = appends.flatMap(({ events }) => events.map((event) => event.id));
      const ids = async () => (await store.readAll(START, MAX_PAGE)).map((event) => event.id);
      expect(await ids()).toEqual(expected);
      await store.appendInOrder(appends.slice(500));
      expect(await ids()).toEqual(expected);
    });

    it('refuses ordered appends if one expects another revision of its stream', async () => {
      await append('s', NO_STREAM, anEvent());
      const wrong = { stream: 's', expectedRevision: 4, events: [anEvent()] };
      await expect(store.appendInOrder([wrong])).rejects.toMatchObject({ code: 'refused' });
      expect(await store.readAll(START, 10)).toHaveLength(1);
    });

    it('ends a page early if its events are large, and misses none of them', async () => {
      const body = JSON.stringify({ a: 'x'.repeat(900_000) });
      const ids: string[] = [];
      for (let revision = NO_STREAM; revision < 20; revision += 1) {
        const event = anEvent(revision < 10 ? body : '{}');
        ids.push(event.id);
        await append('large', revision, event);
      }
      const pages: (readonly StoredEvent[])[] = [];
      for (let after = START; ; after = pages.at(-1)!.at(-1)!.position) {
        const page = await store.readAll(after, 100);
        pages.push(page);
        if (isLastPage(page, 100)) break;
      }
      expect(pages.map((page) => page.length)).toEqual([10, 11]);
      expect(pages.flat().map(({ id }) => id)).toEqual(ids);
      const streamed: (readonly StreamEvent[])[] = [];
      for await (const page of streamPages(store, 'large')) streamed.push(page);
      expect(streamed.map((page) => page.length)).toEqual([10, 11]);
      expect(streamed.flat().map(({ id }) => id)).toEqual(ids);
      const delivered: (readonly StoredEvent[])[] = [];
      const subscription = store.subscribe({
        after: START,
        pageSize: 100,
        onPage: (page) => Promise.resolve(void delivered.push(page)),
      });
      await eventually(() => delivered.flat().length === ids.length);
      await subscription.close();
      expect(delivered.flat().map(({ id }) => id)).toEqual(ids);
      for (const page of delivered) expect(page.length).toBeLessThanOrEqual(11);
    });

    it('refuses arguments that are out of bounds', async () => {
      const refused = { code: 'refused' };
      await expect(
        store.append([{ stream: 's', expectedRevision: NO_STREAM, events: [] }]),
      ).rejects.toMatchObject(refused);
      const twice = { stream: 's', expectedRevision: NO_STREAM, events: [anEvent()] };
      await expect(store.append([twice, twice])).rejects.toMatchObject(refused);
      await expect(store.readAll(START, 0)).rejects.toMatchObject(refused);
      await expect(store.readAll(START, MAX_PAGE + 1)).rejects.toMatchObject(refused);
      expect(await store.head()).toBe(START);
    });

    it('refuses everything once it is closed', async () => {
      await store.close();
      await expect(store.head()).rejects.toBeInstanceOf(StoreError);
    });
  });
}
