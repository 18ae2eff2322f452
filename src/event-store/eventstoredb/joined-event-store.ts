import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { threadPort } from '../../lib/thread';
import { checkLimit } from '../checks';
import { StoreError } from '../errors';
import type {
  EventFollower,
  EventStoreTarget,
  Position,
  StoredEvent,
  StreamEvent,
  SubscribeOptions,
  Subscription,
} from '../port';
import { unpackEvents, unpackStreamEvents } from './thread/messages';
import { serveStore } from './thread/serve-store';
import { StoreThread } from './thread/store-thread';
import { ThreadSubscription } from './thread/thread-subscription';
import { ThreadedEventStore } from './threaded-event-store';

/** How this thread gets a port to the thread that speaks to the server. */
interface Ports {
  /** Requests a port, which arrives later. */
  want(): void;
  onPort(listener: (port: MessagePort) => void): void;
}

/**
 * The event store for a thread other than the one that appends. Both threads use the same client, so a recent append
 * need not be read back from the server (docs/adr/0046).
 */
export class JoinedEventStore implements EventFollower {
  private thread: StoreThread | undefined;
  private closed = false;

  /** Resolves once a port to the store has arrived. */
  static open(ports: Ports): Promise<JoinedEventStore> {
    return new Promise((resolve) => {
      const store = new JoinedEventStore(ports);
      ports.onPort((port) => {
        store.thread = StoreThread.joined(port);
        resolve(store);
      });
      ports.want();
    });
  }

  private constructor(private readonly ports: Ports) {}

  async readStream(
    stream: string,
    fromRevision: number,
    limit: number,
  ): Promise<readonly StreamEvent[]> {
    return unpackStreamEvents(await this.way().call('readStream', [stream, fromRevision, limit]));
  }

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return unpackEvents(await this.way().call('readAll', [after, limit]));
  }

  subscribe(options: SubscribeOptions): Subscription {
    checkLimit(options.pageSize);
    return new ThreadSubscription(this.way(), options);
  }

  /** Does nothing: the server notifies its subscribers itself. */
  wake(): void {
    return undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.thread?.close();
  }

  private way(): StoreThread {
    if (this.thread?.isDead === false && !this.closed) return this.thread;
    if (!this.closed) this.ports.want();
    throw new StoreError('unavailable', 'The connection to the event store was lost.');
  }
}

/** Opens a port to a store for another thread, for use by {@link JoinedEventStore}. */
export function joinStore(store: EventStoreTarget): MessagePort {
  if (store instanceof ThreadedEventStore) return store.join();
  const { port1, port2 } = new MessageChannel();
  serveStore(threadPort(port1), store, () => Promise.resolve());
  return port2;
}
