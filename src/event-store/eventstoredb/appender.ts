import { NO_STREAM as NO_STREAM_YET, type AppendResult } from '@eventstore/db-client';

import { otherRevision } from '../checks';
import { StoreError } from '../errors';
import { NO_STREAM, type AppendOutcome, type Position, type StreamAppend } from '../port';
import { Backoff } from './backoff';
import type { Connection } from './connection';
import { toServerEvents } from './event-data';
import { failureOf, givenUp } from './failures';
import type { OwnStreams } from './own-streams';
import { Places } from './places';
import { within } from './within';

/** The most appends that wait for the server at a time, of all calls together. */
const IN_FLIGHT = 512;
/** The same, of those whose order counts. */
const IN_FLIGHT_IN_ORDER = 256;

/** Appends to many streams at a time, each with retries under the same ids and the same expected revision. */
export class Appender {
  private readonly places = new Places(IN_FLIGHT);

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /** Finds the last revision of a stream, and the position of an event. */
    private readonly look: {
      lastRevision(stream: string): Promise<number>;
      positionOf(stream: string, revision: number): Promise<Position>;
    },
    /** Told of each append that was taken, and of the position of its last event. */
    private readonly taken: (append: StreamAppend, last: Position) => void,
  ) {}

  /** One outcome for each append, in order. While the server is silent, those that were not begun are not tried. */
  async append(appends: readonly StreamAppend[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    let failed: StoreError | undefined;
    let next = 0;
    const hopeless = () => failed !== undefined && this.connection.isSilent();
    const work = async () => {
      while (next < appends.length) {
        const place = this.places.take();
        if (place !== undefined) await place;
        const index = next;
        next += 1;
        try {
          if (index >= appends.length) return;
          if (hopeless()) throw givenUp(false, failed);
          outcomes[index] = await this.appendOne(appends[index]!, hopeless);
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          outcomes[index] = { status: 'failed', error };
          if (error.code !== 'refused') failed ??= error;
        } finally {
          this.places.give();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, appends.length) }, work));
    return outcomes;
  }

  /**
   * See the port. The server writes what one connection sends in the order in which it comes: so they go out one
   * behind the other without waiting, each is tried once, and nothing more is sent after one that failed. Whether the
   * order held is looked at all the same.
   */
  async appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    let failed: StoreError | undefined;
    const flying: Promise<number | undefined>[] = [];
    for (const [index, append] of appends.entries()) {
      // The first one alone: it opens the connection, and may be the one that finds it gone.
      if (index === 1) await flying[0];
      if (index >= IN_FLIGHT_IN_ORDER) await flying[index - IN_FLIGHT_IN_ORDER];
      if (failed !== undefined) break;
      const answer = this.tryInOrder(append);
      flying.push(
        answer.catch((error: unknown) => {
          failed ??= error as StoreError;
          return undefined;
        }),
      );
    }
    const positions = await Promise.all(flying);
    if (failed !== undefined) throw failed;
    if (positions.some((position, index) => index > 0 && position! <= positions[index - 1]!)) {
      throw outOfOrder();
    }
  }

  private async tryInOrder(append: StreamAppend): Promise<number> {
    try {
      const outcome = await this.outcomeOf(append, await this.send(append));
      if (outcome.status === 'appended') return outcome.positions.at(-1)!;
      if (outcome.status === 'conflict') throw otherRevision(append, outcome.actualRevision);
      throw outcome.error;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'final') throw failure.error;
      if (failure.kind === 'conflict') throw otherRevision(append, failure.actualRevision);
      throw givenUp(failure.sent, error);
    }
  }

  /** Sends an append once. @throws what the client throws, or NoAnswerError. */
  private send(append: StreamAppend): Promise<AppendResult> {
    const expectedRevision =
      append.expectedRevision === NO_STREAM ? NO_STREAM_YET : BigInt(append.expectedRevision);
    return this.connection.call((client) =>
      within(
        this.connection.patience.callMs,
        client.appendToStream(this.streams.toServer(append.stream), toServerEvents(append.events), {
          expectedRevision,
          requiresLeader: true,
        }),
      ),
    );
  }

  private async appendOne(append: StreamAppend, hopeless: () => boolean): Promise<AppendOutcome> {
    const until = Date.now() + this.connection.patience.totalMs;
    let backoff: Backoff | undefined;
    let sent = false;
    for (;;) {
      try {
        return await this.outcomeOf(append, await this.send(append));
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'final') throw failure.error;
        if (failure.kind === 'conflict') {
          return { status: 'conflict', actualRevision: failure.actualRevision };
        }
        sent ||= failure.sent;
        if (Date.now() >= until || hopeless()) throw givenUp(sent, error);
        backoff ??= new Backoff();
        await backoff.pause();
      }
    }
  }

  private async outcomeOf(append: StreamAppend, result: AppendResult): Promise<AppendOutcome> {
    if (!result.success) {
      // With throwOnAppendFailure=false in the connection string; the revision that it then gives is not usable.
      const actualRevision = await this.look.lastRevision(append.stream);
      return { status: 'conflict', actualRevision };
    }
    const lastRevision = append.expectedRevision + append.events.length;
    const position =
      result.position === undefined
        ? await this.look.positionOf(append.stream, lastRevision)
        : (Number(result.position.commit) as Position);
    this.taken(append, position);
    return { status: 'appended', positions: append.events.map(() => position) };
  }
}

function outOfOrder(): StoreError {
  return new StoreError(
    'refused',
    'The event store did not keep the order in which events were sent. Copy to an empty place.',
  );
}
