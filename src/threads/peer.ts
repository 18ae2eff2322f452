import type { TransferListItem } from 'node:worker_threads';

import type { ThreadPort } from '../lib/thread';
import { packError, unpackError, type PackedError } from './pack-error';

/** What one side can be asked, by name. */
export type Calls<C> = {
  readonly [N in keyof C]: { readonly asked: unknown; readonly answer: unknown };
};

/** Who asked, as the one that answers sees it. */
export interface Asker<Back extends Calls<Back>> {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Asks whoever asked, before the answer. */
  ask<N extends keyof Back & string>(
    name: N,
    asked: Back[N]['asked'],
    transfer?: readonly TransferListItem[],
  ): Promise<Back[N]['answer']>;
  /** Tells whoever asked, and waits for nothing. */
  tell<N extends keyof Back & string>(name: N, asked: Back[N]['asked']): void;
}

/** What answers. */
export type Answerers<C extends Calls<C>, Back extends Calls<Back> = Record<never, never>> = {
  readonly [N in keyof C]: (
    asked: C[N]['asked'],
    asker: Asker<Back>,
  ) => C[N]['answer'] | Promise<C[N]['answer']>;
};

/** How something is asked. */
export interface AskOptions<Back extends Calls<Back>> {
  /** Once it is aborted the other side is told to stop; the ask fails with the signal's reason when it has. */
  readonly signal?: AbortSignal | undefined;
  /** What the other side may ask meanwhile. */
  readonly back?: Answerers<Back>;
  readonly transfer?: readonly TransferListItem[] | undefined;
}

type AnyAnswerers = Readonly<Record<string, (asked: unknown, asker: Asker<never>) => unknown>>;

/** `within`: the ask of the other side that it belongs to. */
interface AskMessage {
  readonly ask: number;
  readonly name: string;
  readonly asked: unknown;
  readonly within?: number;
}

type Message =
  | AskMessage
  | { readonly tell: string; readonly asked: unknown; readonly within?: number }
  | { readonly answered: number; readonly answer: unknown }
  | { readonly failed: number; readonly error: PackedError }
  | { readonly stop: number };

interface SendOptions {
  readonly signal: AbortSignal | undefined;
  readonly back: AnyAnswerers;
  readonly transfer: readonly TransferListItem[] | undefined;
  /** Whether it waits, once the signal is aborted, for the other side to stop. */
  readonly isPatient: boolean;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
  readonly back: AnyAnswerers;
}

/** The caller no longer waits for the answer. */
class AskedNoMoreError extends Error {
  constructor() {
    super('Nobody waits for the answer any more.');
    this.name = 'AskedNoMoreError';
  }
}

/**
 * One of two threads that ask each other. Whoever answers may ask back before it answers. When the other one has gone,
 * what is asked of it fails, and what it asked is stopped.
 */
export class Peer<Theirs extends Calls<Theirs>, Ours extends Calls<Ours>> {
  private readonly waiting = new Map<number, Waiting>();
  private readonly answering = new Map<number, AbortController>();
  private last = 0;
  private gone: Error | undefined;

  /**
   * @param answerers of what the other side asks, beside what it asks back.
   * @param report told of what fails while nobody waits.
   */
  constructor(
    private readonly port: ThreadPort,
    private readonly answerers: Answerers<Ours, never>,
    private readonly report: (error: unknown) => void,
  ) {
    port.onMessage((message) => this.take(message as Message));
  }

  /** @throws what answering throws; what {@link end} was given. */
  ask<N extends keyof Theirs & string, Back extends Calls<Back> = Record<never, never>>(
    name: N,
    asked: Theirs[N]['asked'],
    { signal, back, transfer }: AskOptions<Back> = {},
  ): Promise<Theirs[N]['answer']> {
    const ask = { name, asked };
    return this.send(ask, {
      signal,
      back: back ?? {},
      transfer,
      isPatient: true,
    });
  }

  tell<N extends keyof Theirs & string>(
    name: N,
    asked: Theirs[N]['asked'],
    transfer?: readonly TransferListItem[],
  ): void {
    this.post({ tell: name, asked }, transfer);
  }

  /** The other side is gone: nothing more is sent or taken. */
  end(why: Error): void {
    if (this.gone !== undefined) return;
    this.gone = why;
    for (const { reject } of this.waiting.values()) reject(why);
    this.waiting.clear();
    for (const stopping of this.answering.values()) stopping.abort(why);
    this.answering.clear();
  }

  private send(
    what: Pick<AskMessage, 'name' | 'asked' | 'within'>,
    how: SendOptions,
  ): Promise<never> {
    const { signal, back, transfer, isPatient } = how;
    if (this.gone !== undefined) return Promise.reject(this.gone);
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const ask = (this.last += 1);
    return new Promise<never>((resolve, reject) => {
      const stop = () => {
        if (isPatient) return this.post({ stop: ask });
        this.waiting.delete(ask);
        reject(signal!.reason as Error);
      };
      const settled = () => signal?.removeEventListener('abort', stop);
      this.waiting.set(ask, {
        resolve: (answer) => (settled(), resolve(answer)),
        reject: (error) => (settled(), reject((signal?.aborted ? signal.reason : error) as Error)),
        back,
      });
      signal?.addEventListener('abort', stop);
      try {
        this.post({ ask, ...what }, transfer);
      } catch (error) {
        // What cannot be copied is never sent.
        this.waiting.delete(ask);
        settled();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private post(message: Message, transfer?: readonly TransferListItem[]): void {
    if (this.gone === undefined) this.port.post(message, transfer);
  }

  private take(message: Message): void {
    if (this.gone !== undefined) return;
    if ('ask' in message) void this.answer(message);
    else if ('tell' in message) void this.hear(message);
    else if ('stop' in message) {
      this.answering.get(message.stop)?.abort(new AskedNoMoreError());
    } else {
      const id = 'answered' in message ? message.answered : message.failed;
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if ('answered' in message) waiting?.resolve(message.answer as never);
      else waiting?.reject(unpackError(message.error));
    }
  }

  private async answer({ ask, name, asked, within }: AskMessage): Promise<void> {
    const stopping = new AbortController();
    this.answering.set(ask, stopping);
    try {
      const answerer = this.answererOf(name, within);
      const answer = await answerer(asked, this.askerOf(ask, stopping.signal));
      this.post({ answered: ask, answer });
    } catch (error) {
      this.post({ failed: ask, error: packError(error) });
    } finally {
      this.answering.delete(ask);
    }
  }

  private async hear({ tell, asked, within }: Extract<Message, { tell: string }>): Promise<void> {
    // What was told late concerns nobody any more.
    if (within !== undefined && !this.waiting.has(within)) return;
    try {
      await this.answererOf(tell, within)(asked, this.askerOf(0, NEVER));
    } catch (error) {
      this.report(error);
    }
  }

  private answererOf(name: string, within: number | undefined): AnyAnswerers[string] {
    const all =
      within === undefined
        ? (this.answerers as unknown as AnyAnswerers)
        : this.waiting.get(within)?.back;
    if (all === undefined) throw new AskedNoMoreError();
    return all[name]!;
  }

  private askerOf(within: number, signal: AbortSignal): Asker<never> {
    const asker: Asker<Record<string, { asked: unknown; answer: unknown }>> = {
      signal,
      ask: (name, asked, transfer) =>
        this.send({ name, asked, within }, { signal, back: {}, transfer, isPatient: false }),
      tell: (name, asked) => {
        if (!signal.aborted) this.post({ tell: name, asked, within });
      },
    };
    return asker as unknown as Asker<never>;
  }
}

const NEVER = new AbortController().signal;
