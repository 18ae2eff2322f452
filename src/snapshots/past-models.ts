import { sql, type Kysely } from 'kysely';

import { Problem } from '../http/problem';
import { OneAtATime } from '../lib/one-at-a-time';
import type { ReadModel } from '../read-model/queries';
import type { Checkpoint, RowStore } from '../read-model/rows';
import type { ReadModelTables } from '../read-model/tables';

/** A temporary read model, deleted when it is closed. */
export interface PastReadModel {
  readonly readModel: ReadModel;
  readonly rows: RowStore;
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/** Receives the progress of a read model that is being filled. */
export type OnFilled = (checkpoint: Checkpoint) => void;

/** Fills an empty read model. @throws the reason with which the signal is aborted. */
export type Fill = (rows: RowStore, onFilled: OnFilled, signal: AbortSignal) => Promise<void>;

interface Past {
  readonly key: string;
  readonly model: Promise<PastReadModel>;
  readonly listeners: Set<OnFilled>;
  readonly stopping: AbortController;
  isFilled: boolean;
  bytes: number;
  readers: number;
}

/** Options for using a past read model. */
interface UseOptions {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  readonly onFilled?: OnFilled;
}

/**
 * Read models of past positions. They are filled one at a time, and each only once for all who wait for it.
 * The last ones are kept. If nobody waits for one any more, filling it stops.
 */
export class PastModels {
  private pasts: Past[] = [];
  private readonly fillings = new OneAtATime();

  /**
   * @param open makes an empty read model.
   * @param kept how many are kept, and how many bytes they may have together. The oldest that nobody reads are deleted
   * first.
   */
  constructor(
    private readonly open: () => Promise<PastReadModel>,
    private readonly kept: { readonly models: number; readonly bytes: number },
  ) {}

  /**
   * Runs reads on the read model of a key. It stays open while they run.
   * @param fill fills the read model; called if there is none for this key.
   */
  async use<T>(
    key: string,
    fill: Fill,
    work: (model: PastReadModel) => Promise<T>,
    { signal, onFilled = () => undefined }: UseOptions = {},
  ): Promise<T> {
    const past = this.pastOf(key, fill);
    past.readers += 1;
    past.listeners.add(onFilled);
    try {
      return await work(await untilAborted(past.model, signal));
    } catch (error) {
      // The read model itself may be at fault, so it is made again for the next caller.
      if (!(error instanceof Problem) && signal?.aborted !== true) this.forget(past);
      throw error;
    } finally {
      past.listeners.delete(onFilled);
      past.readers -= 1;
      await this.letGo(past);
    }
  }

  /** Releases all read models. Filling stops. @param why the error for whoever waits. */
  async close(why: Error): Promise<void> {
    for (const past of this.pasts.splice(0)) {
      past.stopping.abort(why);
      await closePast(past);
    }
    // One that nobody waited for may still be stopping.
    await this.fillings.idle();
  }

  private pastOf(key: string, fill: Fill): Past {
    const known = this.pasts.find((one) => one.key === key);
    if (known !== undefined) return known;
    const listeners = new Set<OnFilled>();
    const stopping = new AbortController();
    const model = this.fillings.run(() => this.make(fill, listeners, stopping.signal));
    const past: Past = { key, model, listeners, stopping, isFilled: false, bytes: 0, readers: 0 };
    this.pasts.push(past);
    model.then(
      async ({ queries }) => {
        past.isFilled = true;
        past.bytes = await bytesOf(queries).catch(() => 0);
      },
      () => this.forget(past),
    );
    return past;
  }

  private async make(
    fill: Fill,
    listeners: ReadonlySet<OnFilled>,
    signal: AbortSignal,
  ): Promise<PastReadModel> {
    signal.throwIfAborted();
    const model = await this.open();
    const onFilled: OnFilled = (checkpoint) => {
      for (const listener of listeners) listener(checkpoint);
    };
    try {
      await fill(model.rows, onFilled, signal);
      return model;
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  private isTooMuch(): boolean {
    const bytes = this.pasts.reduce((sum, past) => sum + past.bytes, 0);
    return this.pasts.length > this.kept.models || bytes > this.kept.bytes;
  }

  private forget(past: Past): void {
    this.pasts = this.pasts.filter((one) => one !== past);
  }

  /** Releases a read model after a reader, if it is no longer needed. */
  private async letGo(past: Past): Promise<void> {
    if (past.readers === 0 && !past.isFilled) {
      past.stopping.abort(new Error('Nobody waits for the read model any more.'));
      this.forget(past);
      // Not awaited: it may still wait for its turn behind another one, and nobody waits for it.
      void closePast(past);
    } else if (past.readers === 0 && !this.pasts.includes(past)) await closePast(past);
    while (this.isTooMuch()) {
      const index = this.pasts.findIndex((one) => one.readers === 0);
      if (index < 0) return;
      await closePast(this.pasts.splice(index, 1)[0]!);
    }
  }
}

async function bytesOf(queries: Kysely<ReadModelTables>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`.execute(
    queries,
  );
  return rows[0]!.bytes;
}

/** Closes a read model. One that could not be made has nothing to close. */
async function closePast(past: Past): Promise<void> {
  await past.model.then((model) => model.close()).catch(() => undefined);
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
