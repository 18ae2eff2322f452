import { NO_STREAM as NO_STREAM_YET, type AppendResult } from '@eventstore/db-client';

import { otherRevision } from '../checks';
import { StoreError } from '../errors';
import { NO_STREAM, type AppendOutcome, type Position, type StreamAppend } from '../port';
import { Backoff } from '../../lib/backoff';
import { SERVER_PAUSES } from './server-pauses';
import type { Connection } from './connection';
import { toServerEvents } from './event-data';
import { failureOf, givenUp } from './failures';
import type { OwnStreams } from './own-streams';
import { Places } from './places';
import type { Reader } from './reader';
import { Unsettled } from './unsettled';
import { within } from './within';

/** The most appends that wait for the server at a time, of all calls together. */
const IN_FLIGHT = 512;
/** The same, of those whose order counts. */
const IN_FLIGHT_IN_ORDER = 256;

/** Appends to many streams at a time, each with retries under the same ids and the same expected revision. */
export class Appender {
  private readonly places = new Places(IN_FLIGHT);
  private readonly unsettled = new Unsettled();

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /** Finds the last revision of a stream, the position of an event, and what an append was answered with that is there. */
    private readonly look: Pick<Reader, 'lastRevision' | 'positionOf' | 'answerOf'>,
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
      return this.positionIn(append, outcome);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'final') throw failure.error;
      if (failure.kind === 'passing') throw givenUp(failure.sent, error);
      // What was sent before, by this process or another, may have come in since it was looked what is there.
      return this.positionIn(append, await this.conflictOf(append, failure.actualRevision, true));
    }
  }

  private positionIn(append: StreamAppend, outcome: AppendOutcome): number {
    if (outcome.status === 'appended') return outcome.positions.at(-1)!;
    if (outcome.status === 'conflict') throw otherRevision(append, outcome.actualRevision);
    throw outcome.error;
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
    let sent = this.unsettled.has(append);
    for (;;) {
      try {
        const outcome = await this.outcomeOf(append, await this.send(append), sent);
        return this.unsettled.settle(append, outcome);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'final') throw failure.error;
        if (failure.kind === 'conflict') {
          const outcome = await this.conflictOf(append, failure.actualRevision, sent);
          return this.unsettled.settle(append, outcome);
        }
        sent ||= failure.sent;
        if (Date.now() >= until || hopeless()) {
          if (sent) this.unsettled.add(append);
          throw givenUp(sent, error);
        }
        backoff ??= new Backoff(SERVER_PAUSES);
        await backoff.pause();
      }
    }
  }

  /**
   * What a conflict means. The server takes an append that it has already for the same one only if it has it in its index,
   * or finds each event's id in a cache that other streams share. Else it answers that the revision is
   * another: so a conflict with what we may have written ourselves is looked at.
   * @param sent whether the append may have been carried out by an earlier try.
   */
  private async conflictOf(
    append: StreamAppend,
    actualRevision: number,
    sent: boolean,
  ): Promise<AppendOutcome> {
    const position = sent ? await this.look.answerOf(append) : undefined;
    if (position === undefined) return { status: 'conflict', actualRevision };
    return this.appended(append, position);
  }

  private async outcomeOf(
    append: StreamAppend,
    result: AppendResult,
    sent = true,
  ): Promise<AppendOutcome> {
    if (!result.success) {
      // With throwOnAppendFailure=false in the connection string; the revision that it then gives is not usable.
      return this.conflictOf(append, await this.look.lastRevision(append.stream), sent);
    }
    const lastRevision = append.expectedRevision + append.events.length;
    const position =
      result.position === undefined
        ? await this.look.positionOf(append.stream, lastRevision)
        : (Number(result.position.commit) as Position);
    return this.appended(append, position);
  }

  private appended(append: StreamAppend, position: Position): AppendOutcome {
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
