import { EventEmitter } from 'node:events';

import type { EventStoreDBClient } from '@eventstore/db-client';

import { AllSubscription } from './all-subscription';
import { START, type Position } from '../port';
import type { Connection } from './connection';
import { OwnRecords } from './own-records';
import { OwnStreams } from './own-streams';

/** A subscription of the client. A real server can't be made to keep one open and send nothing. */
class Sent extends EventEmitter {
  readonly readableLength = 0;
  pause(): void {
    return;
  }
  resume(): void {
    return;
  }
  unsubscribe(): Promise<void> {
    return Promise.resolve();
  }
  send(commit: number): void {
    const position = { commit: BigInt(commit), prepare: BigInt(commit) };
    const event = {
      streamId: 'session-1',
      revision: BigInt(commit),
      id: String(commit),
      type: 't',
      isJson: true,
      data: {},
      metadata: { recorded_at: 1, left: 0 },
      position,
    };
    this.emit('data', { event });
  }
}

describe('a subscription to all events', () => {
  const CALL_MS = 20;
  let opened: Sent[];
  let head: number;
  let subscription: AllSubscription;
  let delivered: number[];

  beforeEach(() => {
    opened = [];
    head = 0;
    delivered = [];
    const subscribeToAll = () => {
      const sent = new Sent();
      opened.push(sent);
      setImmediate(() => {
        sent.emit('confirmation');
        sent.emit('caughtUp');
      });
      return sent;
    };
    const connection = {
      patience: { callMs: CALL_MS, totalMs: 10 * CALL_MS },
      current: () => Promise.resolve({ subscribeToAll } as unknown as EventStoreDBClient),
      heard: () => undefined,
      judge: () => undefined,
    } as unknown as Connection;
    const streams = new OwnStreams({ prefix: '', names: [], beginnings: ['session-'] });
    const onPage = (page: readonly { position: number }[]) => {
      delivered.push(...page.map(({ position }) => position));
      return Promise.resolve();
    };
    const options = { after: START, pageSize: 10, onPage };
    const store = { onEvents: () => undefined, head: () => Promise.resolve(head as Position) };
    const own = new OwnRecords(streams);
    subscription = new AllSubscription(connection, streams, own, options, store);
  });
  afterEach(() => subscription.close());

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const until = async (holds: () => boolean) => {
    for (let tries = 0; tries < 500 && !holds(); tries += 1) await pause(5);
    expect(holds()).toBe(true);
  };

  it('begins again if the server sends nothing although the ledger has a newer event', async () => {
    await until(() => opened.length === 1);
    opened[0]!.send(10);
    await until(() => delivered.length === 1);
    head = 20;
    await until(() => opened.length === 2);
    opened[1]!.send(20);
    await until(() => delivered.length === 2);
    expect(delivered).toEqual([10, 20]);
  });

  it('stays open while the ledger has nothing newer', async () => {
    await until(() => opened.length === 1);
    opened[0]!.send(10);
    head = 10;
    await until(() => delivered.length === 1);
    await pause(10 * CALL_MS);
    expect(opened).toHaveLength(1);
  });
});
