import { Worker } from 'node:worker_threads';

import { StoreError } from '../../errors';
import type { EventStoreDbOptions } from '../eventstoredb-event-store';
import { maskOf, sayLines } from '../secrets';
import { unpackError, type Calls, type Method, type Reply, type Request } from './messages';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** What a subscription is told of by the thread. */
export interface ThreadListener {
  page(events: Extract<Reply, { page: number }>['events']): void;
  ended(error?: Error): void;
}

/** The other thread, as this one speaks to it. It is made once; where it dies, all that waits for it fails. */
export class StoreThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<number, ThreadListener>();
  private last = 0;
  private dead = false;

  constructor(file: string, options: EventStoreDbOptions) {
    this.worker = new Worker(file, { workerData: options, stdout: true, stderr: true });
    // Whatever prints there, and whenever: the client, its transport, or what either is told to by DEBUG or GRPC_TRACE.
    const mask = maskOf(options.connectionString);
    for (const stream of [this.worker.stdout, this.worker.stderr]) {
      sayLines(stream, (line) => console.error(mask(line)));
    }
    this.worker.on('message', (message: Reply) => this.take(message));
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(undefined));
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** @throws what the method throws; StoreError `outcome_unknown` where the thread dies meanwhile. */
  call<M extends Method>(method: M, asked: Calls[M]['asked']): Promise<Calls[M]['answer']> {
    if (this.dead) return Promise.reject(gone(undefined));
    this.last += 1;
    const call = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(call, { resolve, reject });
      this.post({ call, method, asked });
    });
  }

  /** Begins a subscription; the number names it to {@link post}. */
  listen(listener: ThreadListener): number {
    this.last += 1;
    this.listeners.set(this.last, listener);
    return this.last;
  }

  post(request: Request): void {
    if (!this.dead) this.worker.postMessage(request);
  }

  /** Ends the thread, after what it was asked to close is closed. */
  async close(): Promise<void> {
    if (this.dead) return;
    await this.call('close', undefined).catch(() => undefined);
    await this.worker.terminate();
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
    'The connection to the event store broke down. Sending the same again is safe.',
    { cause },
  );
}
