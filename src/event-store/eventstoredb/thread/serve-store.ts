import type { ThreadPort } from '../../../lib/thread';
import type { EventStoreTarget, StreamAppend, Subscription } from '../../port';
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

type Subscribe = Extract<Request, { subscribe: number }>;

const appendsOf = (asked: readonly Packed[]): StreamAppend[] => asked.map(unpackAppend);

/**
 * Serves calls to a store over a port, from a {@link StoreThread} on the other side.
 * @param close called when the other side asks to close.
 */
export function serveStore(
  port: ThreadPort,
  store: EventStoreTarget,
  close: () => Promise<void>,
): void {
  const server = new StoreServer(port, store, close);
  port.onMessage((request) => server.take(request as Request));
  port.onClose(() => server.end());
}

class StoreServer {
  private readonly subscriptions = new Map<number, Subscription>();
  private readonly whenTaken = new Map<number, () => void>();
  private readonly methods: {
    readonly [M in Method]: (asked: Calls[M]['asked']) => Promise<Calls[M]['answer']>;
  };

  constructor(
    private readonly port: ThreadPort,
    private readonly store: EventStoreTarget,
    close: () => Promise<void>,
  ) {
    this.methods = {
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
        await close();
        return undefined;
      },
    };
  }

  take(request: Request): void {
    if ('call' in request) {
      const method = this.methods[request.method] as (
        asked: unknown,
      ) => Promise<Calls[Method]['answer']>;
      void this.answer(request.call, method(request.asked));
    } else if ('subscribe' in request) {
      this.subscribe(request);
    } else {
      const id = 'taken' in request ? request.taken : request.unsubscribe;
      if ('unsubscribe' in request) void this.subscriptions.get(id)?.close();
      this.whenTaken.get(id)?.();
      this.whenTaken.delete(id);
    }
  }

  /** Ends everything, because the other side is gone. */
  end(): void {
    for (const subscription of this.subscriptions.values()) void subscription.close();
    for (const taken of this.whenTaken.values()) taken();
  }

  private async answer(call: number, work: Promise<Calls[Method]['answer']>): Promise<void> {
    try {
      this.reply({ answered: call, answer: await work });
    } catch (error) {
      this.reply({ failed: call, error: packError(error) });
    }
  }

  private subscribe({ subscribe: id, awaited, ...options }: Subscribe): void {
    const subscription = this.store.subscribe({
      ...options,
      isAwaited: () => Atomics.load(awaited, 0) === 1,
      onPage: (events) => {
        this.reply({ page: id, events: packEvents(events) });
        return new Promise((resolve) => this.whenTaken.set(id, resolve));
      },
    });
    this.subscriptions.set(id, subscription);
    void subscription.done
      .then(
        () => this.reply({ ended: id }),
        (error: unknown) => this.reply({ ended: id, error: packError(error) }),
      )
      .finally(() => this.subscriptions.delete(id));
  }

  private reply(message: Reply): void {
    this.port.post(message);
  }
}
