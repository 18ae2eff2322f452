import { NO_STREAM as NO_STREAM_YET, type AppendResult } from '@eventstore/db-client';

import { StoreError } from '../errors';
import { NO_STREAM, type AppendOutcome, type Position, type StreamAppend } from '../port';
import { Backoff } from './backoff';
import { within, type Connection } from './connection';
import { toServerEvents } from './event-data';
import { failureOf, givenUp } from './failures';
import type { OwnStreams } from './own-streams';

/** The most appends that wait for the server at a time. */
const IN_FLIGHT = 512;

/** Appends to many streams at a time, each with retries under the same ids and the same expected revision. */
export class Appender {
  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /** Finds the last revision of a stream, and the position of an event. */
    private readonly look: {
      lastRevision(stream: string): Promise<number>;
      positionOf(stream: string, revision: number): Promise<Position>;
    },
  ) {}

  /** One outcome for each append, in order. While the server is silent, those that were not begun are not tried. */
  async append(appends: readonly StreamAppend[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    let failed: StoreError | undefined;
    let next = 0;
    const work = async () => {
      while (next < appends.length) {
        const index = next;
        next += 1;
        const hopeless = () => failed !== undefined && this.connection.isSilent();
        try {
          if (hopeless()) throw givenUp(false, failed);
          outcomes[index] = await this.appendOne(appends[index]!, hopeless);
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          outcomes[index] = { status: 'failed', error };
          if (error.code !== 'refused') failed ??= error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, appends.length) }, work));
    return outcomes;
  }

  private async appendOne(append: StreamAppend, hopeless: () => boolean): Promise<AppendOutcome> {
    const stream = this.streams.toServer(append.stream);
    const expectedRevision =
      append.expectedRevision === NO_STREAM ? NO_STREAM_YET : BigInt(append.expectedRevision);
    const { callMs, totalMs } = this.connection.patience;
    const until = Date.now() + totalMs;
    let backoff: Backoff | undefined;
    let sent = false;
    for (;;) {
      try {
        const result = await this.connection.call((client) =>
          within(
            callMs,
            client.appendToStream(stream, toServerEvents(append.events), {
              expectedRevision,
              requiresLeader: true,
            }),
          ),
        );
        return await this.outcomeOf(append, result);
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
    return { status: 'appended', positions: append.events.map(() => position) };
  }
}
