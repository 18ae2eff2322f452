import { Readable } from 'node:stream';

import type { EventStoreDBClient, Position } from '@eventstore/db-client';

import { START } from '../port';
import { Feed } from './feed';
import { OwnStreams } from './own-streams';

type Reached = (subscription: undefined, position: Position) => Promise<void>;

/** What a server would send. A real one can't be made to send it in the instant in which a feed ends. */
class Server extends Readable {
  private reached: Reached = () => Promise.resolve();

  constructor() {
    super({ objectMode: true, read: () => undefined });
  }

  get client(): EventStoreDBClient {
    const subscribeToAll = ({ filter }: { filter: { checkpointReached: Reached } }) => {
      this.reached = filter.checkpointReached;
      return this;
    };
    return { subscribeToAll } as unknown as EventStoreDBClient;
  }

  unsubscribe(): Promise<void> {
    return Promise.resolve();
  }

  send(commit: number): void {
    const event = {
      streamId: 'session-1',
      revision: BigInt(commit),
      id: String(commit),
      type: 't',
      isJson: true,
      data: {},
      metadata: { recorded_at: 1, left: 0 },
      position: { commit: BigInt(commit), prepare: BigInt(commit) },
    };
    this.push({ event });
  }

  checkpoint(commit: number, prepare = commit): void {
    void this.reached(undefined, { commit: BigInt(commit), prepare: BigInt(prepare) });
  }
}

describe('a feed', () => {
  const started = () => {
    const server = new Server();
    const streams = new OwnStreams({ prefix: '', names: [], beginnings: ['session-'] });
    const options = {
      after: { commit: START, prepare: START },
      buffer: 100,
      confirmMs: 1_000,
      heard: () => undefined,
    };
    const feed = new Feed(server.client, streams, options);
    server.emit('confirmation');
    return { server, feed };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('continues after a checkpoint once all events before it were taken', async () => {
    const { server, feed } = started();
    server.send(10);
    server.send(20);
    await turn();
    server.checkpoint(25);
    await feed.take(1);
    expect(feed.resumeFrom()).toBeUndefined();
    await feed.take(1);
    expect(feed.resumeFrom()).toEqual({ commit: 25, prepare: 25 });
    feed.close();
  });

  it('continues before the record at a checkpoint that says so: the record may not be written yet', async () => {
    const { server, feed } = started();
    server.send(10);
    await feed.take(1);
    server.checkpoint(25, 0);
    expect(feed.resumeFrom()).toEqual({ commit: 25, prepare: 0 });
    feed.close();
  });

  it('does not continue after a checkpoint that came when it had ended: an event before it was dropped', async () => {
    const { server, feed } = started();
    server.send(10);
    await feed.take(1);
    feed.close();
    server.send(20);
    await turn();
    server.checkpoint(25);
    expect(feed.resumeFrom()).toBeUndefined();
  });
});
