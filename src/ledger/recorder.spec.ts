import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import type { Fact } from '../domain/events/facts';
import { checkAppends } from '../event-store/checks';
import { StoreError } from '../event-store/errors';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import type { AppendOutcome, StreamAppend } from '../event-store/port';
import type { Alone, AppendGate } from './append-gate';
import { Recorder } from './recorder';
import { personalKeysInMemory } from '../../test/support/personal-keys';

/** A store that takes several appends at once, and completes each when told to. */
class HeldStore extends MemoryEventStore {
  readonly held: { streams: string[]; take: () => void; fail: () => void }[] = [];
  reads = 0;

  readonly appendsAtOnce?: number;

  /** @param appendsAtOnce if left out, the store does not declare a number. */
  constructor(appendsAtOnce?: number) {
    super();
    if (appendsAtOnce !== undefined) this.appendsAtOnce = appendsAtOnce;
  }

  override append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    return new Promise((resolve, reject) => {
      this.held.push({
        streams: appends.map(({ stream }) => stream),
        take: () => resolve(super.append(appends)),
        fail: () => reject(new StoreError('outcome_unknown', 'The outcome is unknown.')),
      });
    });
  }

  override readStream(...asked: Parameters<MemoryEventStore['readStream']>) {
    this.reads += 1;
    return super.readStream(...asked);
  }
}

/** A store that counts the events that are read. */
class CountingStore extends MemoryEventStore {
  read = 0;

  override async readStream(...asked: Parameters<MemoryEventStore['readStream']>) {
    const page = await super.readStream(...asked);
    this.read += page.length;
    return page;
  }
}

function started(session: string, id = `${session}-1`): Fact {
  const data = { session_id: session, user_id: 'u', attempt: 1 };
  return { kind: 'started', source: 'worker', id, time: 1_000, data, personal: {} };
}

async function untilHeld(store: HeldStore, count: number): Promise<void> {
  for (let turns = 0; store.held.length < count && turns < 100; turns += 1) await turn();
  expect(store.held).toHaveLength(count);
}

/** Starts a recorder whose first append is still waiting. */
async function begun(appendsAtOnce?: number) {
  const store = new HeldStore(appendsAtOnce);
  const recorder = new Recorder(store, () => 1, personalKeysInMemory());
  const first = recorder.record([started('a')]);
  await untilHeld(store, 1);
  return { store, recorder, first };
}

describe('a recorder on a store that benefits from concurrent appends', () => {
  it('begins an append while others are under way, up to the number that the store declares', async () => {
    const { store, recorder, first } = await begun(2);
    const second = recorder.record([started('b')]);
    await untilHeld(store, 2);
    const third = recorder.record([started('c')]);
    const fourth = recorder.record([started('d')]);
    await turn();
    await untilHeld(store, 2);
    store.held[1]!.take();
    expect(await second).toEqual([{ status: 'recorded', position: 1 }]);
    await untilHeld(store, 3);
    // Facts that waited meanwhile share an append.
    expect(store.held[2]!.streams).toEqual(['session-c', 'session-d']);
    store.held[0]!.take();
    store.held[2]!.take();
    expect((await Promise.all([first, third, fourth])).flat()).toHaveLength(3);
  });

  it('has one append at a time on a store that declares no number', async () => {
    const { store, recorder, first } = await begun();
    const second = recorder.record([started('b')]);
    await turn();
    await untilHeld(store, 1);
    store.held[0]!.take();
    await first;
    await untilHeld(store, 2);
    store.held[1]!.take();
    await second;
  });

  it('judges a session only after its earlier appends, and holds up no other session', async () => {
    const { store, recorder, first } = await begun(4);
    const second = recorder.record([started('a'), started('b')]);
    await untilHeld(store, 2);
    expect(store.held[1]!.streams).toEqual(['session-b']);
    store.held[1]!.take();
    const third = recorder.record([started('a', 'another'), started('a')]);
    await turn();
    await untilHeld(store, 2);
    store.held[0]!.take();
    expect(await first).toEqual([{ status: 'recorded', position: 2 }]);
    expect(await second).toEqual([
      { status: 'duplicate', position: 2 },
      { status: 'recorded', position: 1 },
    ]);
    await untilHeld(store, 3);
    store.held[2]!.take();
    expect(await third).toEqual([
      { status: 'recorded', position: 3 },
      { status: 'duplicate', position: 2 },
    ]);
    expect(store.reads).toBe(0);
  });

  it('reads a session again after a failed append, before it judges the facts that waited', async () => {
    const { store, recorder, first } = await begun(4);
    const second = recorder.record([started('a')]);
    store.held[0]!.fail();
    await expect(first).rejects.toMatchObject({ code: 'outcome_unknown' });
    await untilHeld(store, 2);
    store.held[1]!.take();
    expect(await second).toEqual([{ status: 'recorded', position: 1 }]);
  });

  it('lets all appends finish before exclusive work, and begins none meanwhile', async () => {
    const { store, recorder, first } = await begun(4);
    const second = recorder.record([started('b')]);
    await untilHeld(store, 2);
    let end!: () => void;
    const steps: string[] = [];
    const alone = recorder.exclusively(async () => {
      steps.push('alone');
      await new Promise<void>((resolve) => (end = resolve));
    });
    const after = recorder.record([started('c')]);
    store.held[0]!.take();
    await first;
    await turn();
    expect(steps).toEqual([]);
    store.held[1]!.take();
    await second;
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(steps).toEqual(['alone']);
    expect(store.held).toHaveLength(2);
    end();
    await alone;
    await untilHeld(store, 3);
    store.held[2]!.take();
    await after;
  });

  it('closes once all facts that it accepted have their verdicts', async () => {
    const { store, recorder, first } = await begun(4);
    let closed = false;
    const closing = recorder.close().then(() => (closed = true));
    await turn();
    expect(closed).toBe(false);
    store.held[0]!.take();
    await Promise.all([first, closing]);
    await expect(recorder.record([started('b')])).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a recorder that gets many reused ids of one session', () => {
  it('names the differing fields of all of them in one read of the session', async () => {
    const store = new CountingStore();
    const recorder = new Recorder(store, () => 1, personalKeysInMemory());
    const ids = Array.from({ length: 3_000 }, (_, number) => `id-${number}`);
    await recorder.record(ids.map((id) => started('a', id)));
    const other = ids.map((id) => ({ ...started('a', id), time: 2_000 }));
    store.read = 0;
    const verdicts = await recorder.record([...other, started('a', ids[0])]);
    const refusal = expect.objectContaining({
      code: 'event_id_reused',
      fields: ['time'],
    }) as object;
    expect(verdicts.slice(0, -1)).toEqual(ids.map(() => ({ status: 'rejected', refusal })));
    expect(verdicts.at(-1)).toMatchObject({ status: 'duplicate' });
    expect(store.read).toBeLessThan(2 * ids.length);
  });
});

/** A store that takes few bytes at once, as a server does. */
class NarrowStore extends MemoryEventStore {
  readonly maxAppendBytes = 20_000;

  override append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    checkAppends(appends, this.maxAppendBytes);
    return super.append(appends);
  }
}

describe('a recorder on a store with a limit on the bytes of an append', () => {
  it('refuses the event that is too large, and records the others of its round and session', async () => {
    const store = new NarrowStore();
    const recorder = new Recorder(store, () => 1, personalKeysInMemory());
    const large: Fact = {
      ...started('a', 'a-2'),
      data: { session_id: 'a', user_id: 'u', attempt: 2 },
      personal: { extensions: { note: 'x'.repeat(30_000) } },
    };
    const verdicts = await recorder.record([
      started('b'),
      started('a'),
      large,
      { ...started('a', 'a-3'), data: { session_id: 'a', user_id: 'u', attempt: 3 } },
    ]);
    const refused = { status: 'rejected', refusal: { code: 'invalid_attribute' } };
    const recorded = { status: 'recorded' };
    expect(verdicts).toMatchObject([recorded, recorded, refused, recorded]);
    expect(await store.head()).toBe(3);
    expect(await recorder.record([large])).toMatchObject([refused]);
  });
});

/** A gate that counts who enters it, and what is done alone. */
class CountingGate implements AppendGate {
  entered = 0;
  alone = 0;
  settled: number[] = [];
  /** Refuses entry from this time on. */
  lostAfter = Infinity;

  enter(): Promise<number> {
    this.entered += 1;
    if (this.entered > this.lostAfter) {
      return Promise.reject(new StoreError('unavailable', 'The gate is lost.'));
    }
    return Promise.resolve(0);
  }

  leave(): void {}

  exclusively<T>(work: (alone: Alone) => Promise<T>): Promise<T> {
    this.alone += 1;
    const settle = (time: number) => Promise.resolve(void this.settled.push(time));
    return work({ stampAfter: 0, check: () => undefined, settle });
  }
}

describe('a recorder that shares its ledger', () => {
  const begin = (gate: AppendGate) => {
    const store = new MemoryEventStore();
    return { store, recorder: new Recorder(store, () => 1, personalKeysInMemory(), 0, gate) };
  };

  it('enters the gate for each thousand facts, because it may have been lost meanwhile', async () => {
    const gate = new CountingGate();
    gate.lostAfter = 1;
    const { store, recorder } = begin(gate);
    const facts = Array.from({ length: 1_500 }, (_, number) => started(`s-${number}`));
    await expect(recorder.record(facts)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.head()).toBe(1_000);
  });

  it('settles a time once for all who want it, and the latest one if they differ', async () => {
    const gate = new CountingGate();
    const { recorder } = begin(gate);
    await Promise.all(Array.from({ length: 50 }, (_, at) => recorder.stampAfter(at % 10)));
    expect(gate).toMatchObject({ alone: 1, settled: [9] });
    await recorder.stampAfter(9);
    await recorder.stampAfter(20);
    expect(gate).toMatchObject({ alone: 2, settled: [9, 20] });
  });

  it('begins a settlement four times a second at most, however often somebody wants one', async () => {
    const gate = new CountingGate();
    const { recorder } = begin(gate);
    const began = performance.now();
    const wanted: Promise<void>[] = [];
    for (let time = 1; performance.now() - began < 600; time += 1) {
      wanted.push(recorder.stampAfter(time));
      await sleep(5);
    }
    await Promise.all(wanted);
    expect(gate.alone).toBeLessThanOrEqual(4);
    expect(gate.settled.at(-1)).toBe(wanted.length);
  });

  it('settles again after a settlement that failed', async () => {
    const gate = new CountingGate();
    const { recorder } = begin(gate);
    const lost = new Error('the gate is lost');
    jest.spyOn(gate, 'exclusively').mockRejectedValueOnce(lost);
    await expect(recorder.stampAfter(5)).rejects.toBe(lost);
    await recorder.stampAfter(5);
    expect(gate.settled).toEqual([5]);
  });

  it('records facts that wait between two pieces of exclusive work', async () => {
    const { recorder } = begin(new CountingGate());
    const steps: string[] = [];
    const piece = (name: string) =>
      recorder.exclusively(async () => {
        for (let turns = 0; turns < 5; turns += 1) await turn();
        steps.push(name);
      });
    const pieces = [piece('first')];
    const recorded = recorder.record([started('a')]).then(() => steps.push('fact'));
    pieces.push(piece('second'), piece('third'));
    await Promise.all([...pieces, recorded]);
    expect(steps).toEqual(['first', 'fact', 'second', 'third']);
  });
});
