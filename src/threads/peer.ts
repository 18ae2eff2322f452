import type { TransferListItem } from 'node:worker_threads';

import type { ThreadPort } from '../lib/thread';
import { packError, unpackError, type PackedError } from './pack-error';
import { asError } from '../lib/as-error';

/** The calls that one side answers, by name. */
export type Calls<C> = {
  readonly [N in keyof C]: { readonly asked: unknown; readonly answer: unknown };
};

/** The caller, as the answerer sees it. */
export interface Asker<Back extends Calls<Back>> {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Asks the caller something before answering. */
  ask<N extends keyof Back & string>(
    name: N,
    asked: Back[N]['asked'],
    transfer?: readonly TransferListItem[],
  ): Promise<Back[N]['answer']>;
  /** Sends the caller a notice, and waits for no reply. */
  tell<N extends keyof Back & string>(name: N, asked: Back[N]['asked']): void;
}

/** Functions that answer calls, by name. */
export type Answerers<C extends Calls<C>, Back extends Calls<Back> = Record<never, never>> = {
  readonly [N in keyof C]: (
    asked: C[N]['asked'],
    asker: Asker<Back>,
  ) => C[N]['answer'] | Promise<C[N]['answer']>;
};

/** Options of one call. */
export interface AskOptions<Back extends Calls<Back>> {
  /**
   * Aborting it asks the other side to stop. When the other side has stopped, the call fails with the signal's reason.
   */
  readonly signal?: AbortSignal | undefined;
  /** Answers what the other side asks before it answers. */
  readonly back?: Answerers<Back>;
  readonly transfer?: readonly TransferListItem[] | undefined;
}

type AnyAnswerers = Readonly<Record<string, (asked: unknown, asker: Asker<never>) => unknown>>;

/**
 * A call. `within` is set if the sender asks back while it answers: the number of the receiver's call that it is
 * answering.
 */
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
  /** Whether the call waits for the other side to stop once the signal is aborted. */
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
 * One of two threads that call each other. The answerer may ask back before it answers. When the other side is gone,
 * pending calls to it fail, and work for it stops.
 */
export class Peer<Theirs extends Calls<Theirs>, Ours extends Calls<Ours>> {
  private readonly waiting = new Map<number, Waiting>();
  private readonly answering = new Map<number, AbortController>();
  private last = 0;
  private gone: Error | undefined;

  /**
   * @param answerers answer the calls of the other side, except those that it makes while it answers a call.
   * @param report gets errors of notices, as nobody waits for those.
   */
  constructor(
    private readonly port: ThreadPort,
    private readonly answerers: Answerers<Ours, never>,
    private readonly report: (error: unknown) => void,
  ) {
    port.onMessage((message) => this.take(message as Message));
  }

  /** Asks the other side. @throws what the answerer throws; the error given to {@link end}. */
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

  /** Notes that the other side is gone. Nothing more is sent or taken. */
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
        // A message that cannot be copied is never sent.
        this.waiting.delete(ask);
        settled();
        reject(asError(error));
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
    // A notice that arrives after its call has ended is dropped: nobody waits for it.
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
