import { StreamNotFoundError, type ResolvedEvent } from '@eventstore/db-client';

import {
  NO_STREAM,
  PAGE_CHARACTERS,
  type Position,
  type StoredEvent,
  type StreamAppend,
  type StreamEvent,
} from '../port';
import type { Connection } from './connection';
import { fromServer, leftOf } from './event-data';
import { collect } from './collect';
import { explainPosition, truncated } from './failures';
import type { OwnStreams } from './own-streams';
import { ReadAhead } from './read-ahead';

/** Reads streams, and the ledger's events of all streams. */
export class Reader {
  private readonly ahead: ReadAhead;

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
  ) {
    this.ahead = new ReadAhead(streams);
  }

  /** Reads a page of a stream; see the port. */
  async stream(
    stream: string,
    fromRevision: number,
    limit: number,
  ): Promise<readonly StreamEvent[]> {
    const resolved = await this.read(stream, { fromRevision: BigInt(fromRevision) }, limit);
    const events = resolved.map((one) => fromServer(one, this.streams)!);
    const last = events.at(-1);
    if (last === undefined) return [];
    if (events[0]!.revision !== fromRevision) throw truncated(stream);
    // If the page ends inside an append, the position of the append's last event is looked up.
    const left = leftOf(resolved.at(-1)!);
    const end = left === 0 ? last.position : await this.positionOf(stream, last.revision + left);
    return events.map((event, index) => {
      const acknowledged = events[index + leftOf(resolved[index]!)]?.position ?? end;
      return { ...event, acknowledged };
    });
  }

  async positionOf(stream: string, revision: number): Promise<Position> {
    const [resolved] = await this.read(stream, { fromRevision: BigInt(revision) }, 1);
    if (resolved === undefined) throw new Error(`There is no revision ${revision} of ${stream}.`);
    return fromServer(resolved, this.streams)!.position;
  }

  async lastRevision(stream: string): Promise<number> {
    const [resolved] = await this.read(stream, { direction: 'backwards' }, 1);
    return resolved === undefined ? NO_STREAM : fromServer(resolved, this.streams)!.revision;
  }

  /**
   * Returns the position that an append was answered with, if exactly its events are stored where it expected them;
   * else `undefined`.
   */
  async answerOf({
    stream,
    expectedRevision,
    events,
  }: StreamAppend): Promise<Position | undefined> {
    const there = await this.stream(stream, expectedRevision + 1, events.length);
    const same =
      there.length === events.length &&
      there.every((event, index) => event.id === events[index]!.id);
    return same ? there[0]!.acknowledged : undefined;
  }

  /** Reads a page of the ledger's events after the position of one of them, filtered on the server. */
  all(after: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.connection.insist(async (client) => {
      try {
        return await this.ahead.page(client, after, limit, {
          confirmMs: this.connection.patience.callMs,
          heard: () => this.connection.heard(),
        });
      } catch (error) {
        throw explainPosition(error, after);
      }
    });
  }

  private read(
    stream: string,
    from: { readonly fromRevision?: bigint; readonly direction?: 'backwards' },
    maxCount: number,
  ): Promise<readonly ResolvedEvent[]> {
    const name = this.streams.toServer(stream);
    return this.connection.insist(async (client) => {
      const start = from.direction === 'backwards' ? { fromRevision: 'end' as const } : {};
      const reading = client.readStream(name, {
        ...start,
        ...from,
        maxCount,
        requiresLeader: true,
      });
      try {
        let characters = 0;
        return await collect(reading, this.connection.patience.callMs, ({ event }) => {
          // A page of one event ends after it, whatever its size.
          if (maxCount === 1) return false;
          characters += JSON.stringify(event?.data ?? null).length;
          return characters >= PAGE_CHARACTERS;
        });
      } catch (error) {
        if (error instanceof StreamNotFoundError) return [];
        throw error;
      }
    });
  }
}
