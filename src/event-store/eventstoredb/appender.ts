import { NO_STREAM as NO_STREAM_YET, type AppendResult } from '@eventstore/db-client';

import { otherRevision } from '../checks';
import { StoreError } from '../errors';
import { NO_STREAM, type AppendOutcome, type Position, type StreamAppend } from '../port';
import { Backoff } from '../../lib/backoff';
import { SERVER_PAUSES } from './server-pauses';
import type { Connection } from './connection';
import { toServerEvents } from './event-data';
import { failureOf, givenUp, truncated } from './failures';
import type { OwnStreams } from './own-streams';
import { Places } from './places';
import type { Reader } from './reader';
import { Unsettled } from './unsettled';
import { within } from './within';

/** The most appends that await the server's answer at once, across all calls. */
const IN_FLIGHT = 512;
/** The same limit for appends whose order matters. */
const IN_FLIGHT_IN_ORDER = 256;
/**
 * The client sends the end of its own limit as a time, and the server compares that with its own clock. With a short
 * limit, a server whose clock is ahead would write nothing. The calls have {@link within} instead.
 */
const NO_DEADLINE_MS = 365 * 24 * 3_600_000;

/** Appends to many streams at once. Each append is retried under the same ids and the same expected revision. */
export class Appender {
  private readonly places = new Places(IN_FLIGHT);
  private readonly unsettled = new Unsettled();

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /**
     * Finds the last revision of a stream, the position of an event, and the answer to an append that is already
     * stored.
     */
    private readonly look: Pick<Reader, 'lastRevision' | 'positionOf' | 'answerOf'>,
    /** Called for each append that was accepted, with the position of its last event. */
    private readonly taken: (append: StreamAppend, last: Position) => void,
  ) {}

  /**
   * Returns one outcome for each append, in order. While the server is silent, appends that were not begun are not
   * tried.
   */
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
   * See the port. The server writes the appends of one connection in the order in which they arrive. So appends are
   * sent one after the other without waiting, each is tried once, and none is sent after one that failed. The order is
   * still checked afterwards.
   */
  async appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    let failed: StoreError | undefined;
    const flying: Promise<number | undefined>[] = [];
    for (const [index, append] of appends.entries()) {
      // The first one goes alone: it opens the connection, and may find that the connection is gone.
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
      // An append sent earlier, by this process or another, may have been written since the copying command looked at
      // what the target holds.
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
          deadline: NO_DEADLINE_MS,
        }),
      ),
    );
  }

  private async appendOne(append: StreamAppend, hopeless: () => boolean): Promise<AppendOutcome> {
    const until = performance.now() + this.connection.patience.totalMs;
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
        if (performance.now() >= until || hopeless()) {
          if (sent) this.unsettled.add(append);
          throw givenUp(sent, error);
        }
        backoff ??= new Backoff(SERVER_PAUSES);
        await backoff.pause();
      }
    }
  }

  /**
   * Finds out what a conflict means. The server recognises an append that it already has only by its index, or by event
   * ids in a cache that other streams share. Otherwise it answers that the revision differs. So if we may have written
   * the events ourselves, the stream is checked.
   * @param sent whether an earlier try may have been carried out.
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
      // Happens with throwOnAppendFailure=false in the connection string. The revision in the result is then not
      // usable.
      return this.conflictOf(append, await this.look.lastRevision(append.stream), sent);
    }
    const lastRevision = append.expectedRevision + append.events.length;
    // A stream that was deleted counts as one that does not exist, but its revisions go on.
    if (result.nextExpectedRevision !== BigInt(lastRevision)) throw truncated(append.stream);
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
    'The event store did not keep the order in which events were sent. Copy to an empty target.',
  );
}
