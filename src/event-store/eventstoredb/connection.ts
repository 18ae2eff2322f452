import { EventStoreDBClient } from '@eventstore/db-client';

import { StoreError } from '../errors';
import { readEsdbAddress, type EsdbAddress } from '../esdb-address';
import { Backoff } from '../../lib/backoff';
import { SERVER_PAUSES } from './server-pauses';
import { CutShortError, failureOf, givenUp, NoAnswerError } from './failures';
import { dropLateAnswers } from './late-answers';
import { whyUnreachable } from './reach';
import { hearing, maskOf } from './secrets';
import { within } from './within';

const DISPOSE_MS = 2_000;
/** The client's own default. */
const KEEP_ALIVE_TIMEOUT_MS = 10_000;

/** How long to wait for the server. */
export interface Patience {
  /** For the answer to one call, in milliseconds. */
  readonly callMs: number;
  /** For all tries of one call together, in milliseconds. */
  readonly totalMs: number;
}

export const PATIENCE: Patience = { callMs: 5_000, totalMs: 12_000 };

/**
 * The one client of this process. It is replaced when it is stuck: a failed discovery sticks to it forever, and what
 * it sent to a server that hangs never settles. All clients of a process share one register of appends in flight, so a
 * new client is made only after the old one has let go of its streams.
 */
export class Connection {
  private client: EventStoreDBClient | undefined;
  private replacing: Promise<void> | undefined;
  private closed = false;
  /** On the clock of `performance.now()`, like all times here: it never jumps. */
  private lastAnswer = -Infinity;
  private readonly address: EsdbAddress;
  private readonly say: (text: string) => void;
  private met = false;
  private meeting: Promise<StoreError | undefined> | undefined;
  /** How many clients there have been. */
  private clients = 0;

  /**
   * @param print receives what the client prints, without the secrets of the connection string.
   * @throws StoreError `refused` if the connection string is wrong; no message holds its text.
   */
  constructor(
    private readonly connectionString: string,
    readonly patience: Patience = PATIENCE,
    print = (text: string) => console.warn(text),
  ) {
    const mask = maskOf(connectionString);
    this.say = (text) => print(mask(text));
    const address = readEsdbAddress(connectionString);
    if (typeof address === 'string') throw new StoreError('refused', `EVENT_STORE_URL ${address}.`);
    this.address = address;
    this.client = this.create();
  }

  /**
   * Calls the server once; `work` bounds its own waiting with {@link Patience.callMs}.
   * @throws what `work` throws; StoreError if the server was never reached and the reason is known.
   */
  async call<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    if (!this.met) await this.meet();
    const client = this.ready() ?? (await this.current());
    const began = performance.now();
    try {
      const answer = await work(client);
      this.lastAnswer = performance.now();
      return answer;
    } catch (error) {
      this.judge(client, error, began);
      throw error;
    }
  }

  /** Reads from the server until it answers or patience runs out. @throws StoreError */
  async insist<T>(read: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const until = performance.now() + this.patience.totalMs;
    const backoff = new Backoff(SERVER_PAUSES);
    let sent = false;
    for (;;) {
      try {
        return await this.call(async (client) => {
          const answer = await read(client);
          // A client that was let go of ends its reads as if they were complete.
          if (client !== this.client) throw new CutShortError();
          return answer;
        });
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'final') throw failure.error;
        if (failure.kind === 'conflict') throw error;
        sent ||= failure.sent;
        if (this.closed || performance.now() >= until) throw givenUp(sent, error);
        await backoff.pause();
      }
    }
  }

  /**
   * Checks once whether the server can be reached in the way that the address says. Until then, retrying is pointless.
   */
  private async meet(): Promise<void> {
    this.meeting ??= whyUnreachable(this.address, this.patience.callMs).finally(
      () => (this.meeting = undefined),
    );
    const why = await this.meeting;
    if (why !== undefined) throw why;
    this.met = true;
  }

  /** The client to use now, or `undefined` if the caller must wait for one. */
  private ready(): EventStoreDBClient | undefined {
    return this.closed || this.replacing !== undefined ? undefined : this.client;
  }

  /** The client to use now. Waits until a stuck one is replaced. */
  async current(): Promise<EventStoreDBClient> {
    await this.replacing;
    if (this.closed) throw new StoreError('unavailable', 'The event store is closed.');
    return (this.client ??= this.create());
  }

  /** Returns whether nothing came from the server for longer than one call may take. */
  isSilent(): boolean {
    return performance.now() - this.lastAnswer > this.patience.callMs;
  }

  /** Notes that something came from the server. */
  heard(): void {
    this.lastAnswer = performance.now();
  }

  /**
   * Replaces a client that an error shows to be stuck. One slow stream proves nothing: while other calls get answers,
   * the client stays.
   */
  judge(client: EventStoreDBClient, error: unknown, began: number): void {
    const failure = failureOf(error);
    if (failure.kind !== 'passing' || !failure.stuck) return;
    if (error instanceof NoAnswerError && this.lastAnswer > began) return;
    if (this.client !== client) return;
    this.client = undefined;
    this.replacing = dispose(client).finally(() => (this.replacing = undefined));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.replacing;
    const { client } = this;
    this.client = undefined;
    if (client !== undefined) await dispose(client);
  }

  private create(): EventStoreDBClient {
    try {
      const connectionString = ofGeneration(this.connectionString, this.clients);
      const client = hearing(this.say, () => EventStoreDBClient.connectionString(connectionString));
      this.clients += 1;
      return dropLateAnswers(client);
    } catch {
      // The client's error holds the whole string, with the password.
      throw new StoreError(
        'refused',
        'EVENT_STORE_URL is not a connection string of EventStoreDB, or names a certificate file that does not exist. It should look like esdb://user:password@host:2113?tls=true, with user and password percent-encoded.',
      );
    }
  }
}

/**
 * Returns the connection string of the n-th client. All clients of a process share gRPC connections, even dead ones,
 * unless their settings differ. So each client gets a keep-alive timeout of its own.
 */
function ofGeneration(connectionString: string, generation: number): string {
  if (generation === 0) return connectionString;
  const given = /[?&]keep[-_]?alive[-_]?timeout=(\d+)/i.exec(connectionString)?.[1];
  const setting = `keepAliveTimeout=${Number(given ?? KEEP_ALIVE_TIMEOUT_MS) + generation}`;
  return `${connectionString}${connectionString.includes('?') ? '&' : '?'}${setting}`;
}

/** Lets go of a client's streams; their calls then fail as cancelled. Does not wait for a server. */
async function dispose(client: EventStoreDBClient): Promise<void> {
  await within(DISPOSE_MS, client.dispose()).catch((error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
  });
}
