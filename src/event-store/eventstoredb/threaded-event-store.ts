import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';

import { isCompiled, startThread, type ThreadProgram } from '../../lib/thread';
import { checkLimit } from '../checks';
import { StoreError } from '../errors';
import type {
  AppendOutcome,
  EventStoreTarget,
  Position,
  StoredEvent,
  StreamAppend,
  StreamEvent,
  SubscribeOptions,
  Subscription,
} from '../port';
import { Connection, PATIENCE } from './connection';
import {
  APPENDS_AT_ONCE,
  EventStoreDbEventStore,
  MAX_APPEND_BYTES,
  POSITIONS_AN_EVENT,
  type EventStoreDbOptions,
} from './eventstoredb-event-store';
import { packAppend, unpackEvents, unpackOutcome, unpackStreamEvents } from './thread/messages';
import { maskOf } from './secrets';
import { StoreThread } from './thread/store-thread';
import { ThreadSubscription } from './thread/thread-subscription';

/** Exists only in the compiled program. When TypeScript runs directly, there is one thread. */
const WORKER_FILE = join(__dirname, 'thread/worker.js');

/**
 * The event store on EventStoreDB or KurrentDB, with its client on a thread of its own. That moves half of the time of
 * an append and of a delivered event off the thread that serves and projects (docs/adr/0045). A thread that died is
 * replaced on the next call.
 */
export class ThreadedEventStore implements EventStoreTarget {
  readonly shared = true;
  readonly appendsAtOnce = APPENDS_AT_ONCE;
  readonly positionsAnEvent = POSITIONS_AN_EVENT;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  private thread: StoreThread;
  private closed = false;

  private constructor(
    private readonly options: EventStoreDbOptions,
    private readonly workerFile: string,
    private readonly say: (line: string) => void,
  ) {
    this.thread = this.begin();
  }

  /**
   * @param say receives what the client prints, one line per call.
   * @throws StoreError `refused` if the connection string is wrong.
   */
  static async open(
    options: EventStoreDbOptions,
    workerFile = WORKER_FILE,
    say = (line: string) => console.error(line),
  ): Promise<EventStoreTarget> {
    if (!isCompiled(workerFile)) return new EventStoreDbEventStore(options);
    // A wrong connection string is reported here, before there is a thread. What this client prints is dropped: the
    // thread's client prints it again.
    await new Connection(options.connectionString, PATIENCE, () => undefined).close();
    return new ThreadedEventStore(options, workerFile, say);
  }

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const outcomes = await this.open().call('append', appends.map(packAppend));
    return outcomes.map((outcome, index) => unpackOutcome(outcome, appends[index]!));
  }

  async appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    await this.open().call('appendInOrder', appends.map(packAppend));
  }

  async readStream(
    stream: string,
    fromRevision: number,
    limit: number,
  ): Promise<readonly StreamEvent[]> {
    return unpackStreamEvents(await this.open().call('readStream', [stream, fromRevision, limit]));
  }

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return unpackEvents(await this.open().call('readAll', [after, limit]));
  }

  subscribe(options: SubscribeOptions): Subscription {
    checkLimit(options.pageSize);
    return new ThreadSubscription(this.open(), options);
  }

  async head(): Promise<Position> {
    return this.open().call('head', undefined);
  }

  async last(): Promise<StoredEvent | undefined> {
    return unpackEvents(await this.open().call('last', undefined))[0];
  }

  /** Opens a port for another thread to the thread that speaks to the server (`joined-event-store.ts`). */
  join(): MessagePort {
    return this.open().join();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.thread.close();
  }

  private open(): StoreThread {
    if (this.closed) throw new StoreError('unavailable', 'The event store is closed.');
    if (this.thread.isDead) this.thread = this.begin();
    return this.thread;
  }

  private begin(): StoreThread {
    const program: ThreadProgram<EventStoreDbOptions> = {
      file: this.workerFile,
      run: () => {
        throw new Error('Without a compiled file the store has no thread.');
      },
    };
    // The client, its transport, or whatever DEBUG or GRPC_TRACE turn on may print on the thread at any time.
    const mask = maskOf(this.options.connectionString);
    const print = (line: string) => this.say(mask(line));
    return new StoreThread(startThread(program, this.options, undefined, print));
  }
}
