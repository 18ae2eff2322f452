import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { threadPort, type Thread } from '../../../lib/thread';
import { StoreError } from '../../errors';
import {
  unpackError,
  type Calls,
  type JoinRequest,
  type Method,
  type Reply,
  type Request,
} from './messages';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** What the thread reports to a subscription. */
export interface ThreadListener {
  page(events: Extract<Reply, { page: number }>['events']): void;
  ended(error?: Error): void;
}

/**
 * A thread that speaks to the server, as seen from another thread. If it dies, all pending calls fail; it cannot be
 * restarted.
 */
export class StoreThread {
  /** Returns the thread behind a port that {@link join} opened. */
  static joined(port: MessagePort): StoreThread {
    const own = threadPort(port);
    const ended = new Promise<undefined>((resolve) => own.onClose(() => resolve(undefined)));
    return new StoreThread({
      port: own,
      ended,
      terminate: () => Promise.resolve(own.close()),
    });
  }

  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<number, ThreadListener>();
  private last = 0;
  private dead = false;

  constructor(private readonly thread: Thread) {
    thread.port.onMessage((message) => this.take(message as Reply));
    void thread.ended.then((why) => this.end(why));
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** @throws what the method throws; StoreError `outcome_unknown` if the thread dies before it answers. */
  call<M extends Method>(method: M, asked: Calls[M]['asked']): Promise<Calls[M]['answer']> {
    if (this.dead) return Promise.reject(gone(undefined));
    this.last += 1;
    const call = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(call, { resolve, reject });
      this.post({ call, method, asked });
    });
  }

  /** Begins a subscription. Returns its number, to be used with {@link post}. */
  listen(listener: ThreadListener): number {
    this.last += 1;
    this.listeners.set(this.last, listener);
    return this.last;
  }

  post(request: Request): void {
    if (!this.dead) this.thread.port.post(request);
  }

  /** Opens a port over which another thread may call this one: see {@link joined}. */
  join(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const request: JoinRequest = { join: port1 };
    if (this.dead) port1.close();
    else this.thread.port.post(request, [port1]);
    return port2;
  }

  /** Ends the thread, once it has closed its store. */
  async close(): Promise<void> {
    if (this.dead) return;
    await this.call('close', undefined).catch(() => undefined);
    await this.thread.terminate();
  }

  private take(message: Reply): void {
    if ('page' in message) {
      this.listeners.get(message.page)?.page(message.events);
    } else if ('ended' in message) {
      const listener = this.listeners.get(message.ended);
      this.listeners.delete(message.ended);
      listener?.ended(message.error && unpackError(message.error));
    } else {
      const call = 'answered' in message ? message.answered : message.failed;
      const waiting = this.waiting.get(call)!;
      this.waiting.delete(call);
      if ('answered' in message) waiting.resolve(message.answer as never);
      else waiting.reject(unpackError(message.error));
    }
  }

  private end(error: Error | undefined): void {
    this.dead = true;
    for (const { reject } of this.waiting.values()) reject(gone(error));
    this.waiting.clear();
    for (const listener of this.listeners.values()) listener.ended(gone(error));
    this.listeners.clear();
  }
}

function gone(cause: Error | undefined): StoreError {
  return new StoreError(
    'outcome_unknown',
    'The connection to the event store was lost. Sending the same again is safe.',
    { cause },
  );
}
