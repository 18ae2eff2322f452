import type { EventEmitter } from 'node:events';

import type { EventStoreDBClient } from '@eventstore/db-client';

type Create = (grpc: unknown) => EventEmitter;
type StreamCreator = (kind: unknown, name: string, create: Create, cache?: unknown) => unknown;

/**
 * Makes a client drop late answers to appends. All clients of a process keep what they wait for in one register, and
 * empty it when a stream of any of them breaks. The answer to an append removed from it then causes a TypeError that
 * nobody can catch, and that ends the process or thread. That append was already given up and is retried, so its late
 * answer can be dropped.
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
