import type { EventEmitter } from 'node:events';

import type { EventStoreDBClient } from '@eventstore/db-client';

type Create = (grpc: unknown) => EventEmitter;
type StreamCreator = (kind: unknown, name: string, create: Create, cache?: unknown) => unknown;

/**
 * The client keeps what it waits for in one register for all clients of a process, and empties it when any of their
 * streams breaks. The answer to an append that was struck from it is a TypeError which nobody can catch, and which ends
 * the process or the thread. The append was given up on already, and is tried again: so such an answer is dropped.
 */
export function dropLateAnswers(client: EventStoreDBClient): EventStoreDBClient {
  const inner = client as unknown as { GRPCStreamCreator: StreamCreator };
  const make = inner.GRPCStreamCreator;
  inner.GRPCStreamCreator = (kind, name, create, cache) => {
    const creating: Create = name === 'appendToStream' ? (grpc) => tolerant(create(grpc)) : create;
    return make(kind, name, creating, cache);
  };
  return client;
}

function tolerant(stream: EventEmitter): EventEmitter {
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event !== 'data') return emit(event, ...values);
    try {
      return emit(event, ...values);
    } catch (error) {
      if (error instanceof Error && error.name === 'TypeError') return true;
      throw error;
    }
  };
  return stream;
}
