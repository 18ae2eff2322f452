import { parentPort, workerData } from 'node:worker_threads';

import type { StreamAppend, Subscription } from '../../port';
import { EventStoreDbEventStore, type EventStoreDbOptions } from '../eventstoredb-event-store';
import {
  packError,
  packEvents,
  packOutcome,
  packStreamEvents,
  unpackAppend,
  type Calls,
  type Method,
  type Packed,
  type Reply,
  type Request,
} from './messages';

/** The thread that speaks to the server: does what {@link StoreThread} asks. */
const port = parentPort!;
const store = new EventStoreDbEventStore(workerData as EventStoreDbOptions);
const subscriptions = new Map<number, Subscription>();
const whenTaken = new Map<number, () => void>();

const reply = (message: Reply) => port.postMessage(message);
const appendsOf = (asked: readonly Packed[]): StreamAppend[] => asked.map(unpackAppend);

const methods: {
  readonly [M in Method]: (asked: Calls[M]['asked']) => Promise<Calls[M]['answer']>;
} = {
  append: async (asked) => (await store.append(appendsOf(asked))).map(packOutcome),
  appendInOrder: async (asked) => {
    await store.appendInOrder(appendsOf(asked));
    return undefined;
  },
  readStream: async (asked) => packStreamEvents(await store.readStream(...asked)),
  readAll: async (asked) => packEvents(await store.readAll(...asked)),
  head: () => store.head(),
  last: async () => {
    const last = await store.last();
    return last === undefined ? [] : packEvents([last]);
  },
  close: async () => {
    await store.close();
    return undefined;
  },
};

async function answer(call: number, work: Promise<Calls[Method]['answer']>): Promise<void> {
  try {
    reply({ answered: call, answer: await work });
  } catch (error) {
    reply({ failed: call, error: packError(error) });
  }
}

type Subscribe = Extract<Request, { subscribe: number }>;

function subscribe({ subscribe: id, awaited, ...options }: Subscribe): void {
  const subscription = store.subscribe({
    ...options,
    isAwaited: () => Atomics.load(awaited, 0) === 1,
    onPage: (events) => {
      reply({ page: id, events: packEvents(events) });
      return new Promise((resolve) => whenTaken.set(id, resolve));
    },
  });
  subscriptions.set(id, subscription);
  void subscription.done
    .then(
      () => reply({ ended: id }),
      (error: unknown) => reply({ ended: id, error: packError(error) }),
    )
    .finally(() => subscriptions.delete(id));
}

port.on('message', (request: Request) => {
  if ('call' in request) {
    const method = methods[request.method] as (asked: unknown) => Promise<Calls[Method]['answer']>;
    void answer(request.call, method(request.asked));
  } else if ('subscribe' in request) {
    subscribe(request);
  } else {
    const id = 'taken' in request ? request.taken : request.unsubscribe;
    if ('unsubscribe' in request) void subscriptions.get(id)?.close();
    whenTaken.get(id)?.();
    whenTaken.delete(id);
  }
});
