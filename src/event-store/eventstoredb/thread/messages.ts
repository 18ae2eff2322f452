import type { MessagePort } from 'node:worker_threads';

import { StoreError, type StoreErrorCode } from '../../errors';
import type { AppendOutcome, Position, StoredEvent, StreamAppend, StreamEvent } from '../../port';
import { asError } from '../../../lib/as-error';

/**
 * Messages between the serving thread and the thread that speaks to the server. Events are flat lists of their fields:
 * copying field names as well would double the cost.
 */
export type Packed = (string | number)[];

/** Calls to the thread, by method of the store. */
export interface Calls {
  append: { readonly asked: readonly Packed[]; readonly answer: readonly PackedOutcome[] };
  appendInOrder: { readonly asked: readonly Packed[]; readonly answer: undefined };
  readStream: {
    readonly asked: readonly [stream: string, fromRevision: number, limit: number];
    readonly answer: Packed;
  };
  readAll: { readonly asked: readonly [after: Position, limit: number]; readonly answer: Packed };
  head: { readonly asked: undefined; readonly answer: Position };
  last: { readonly asked: undefined; readonly answer: Packed };
  close: { readonly asked: undefined; readonly answer: undefined };
}

export type Method = keyof Calls;

/** Messages to the thread. */
export type Request =
  | { readonly call: number; readonly method: Method; readonly asked: Calls[Method]['asked'] }
  | {
      readonly subscribe: number;
      readonly after: Position;
      readonly pageSize: number;
      /** A single number: 1 if somebody waits for the next page. */
      readonly awaited: Int32Array;
    }
  /** The handler has finished with the page. */
  | { readonly taken: number }
  | { readonly unsubscribe: number };

/** A message to the thread from its creator: a port over which another thread will call it. */
export interface JoinRequest {
  readonly join: MessagePort;
}

/** Messages from the thread. */
export type Reply =
  | { readonly answered: number; readonly answer: Calls[Method]['answer'] }
  | { readonly failed: number; readonly error: PackedError }
  | { readonly page: number; readonly events: Packed }
  | { readonly ended: number; readonly error?: PackedError };

/** An error without the parts that cannot be copied. `code` is set for a StoreError. */
export interface PackedError {
  readonly code?: StoreErrorCode;
  readonly message: string;
  readonly cause?: string;
}

/** The position that all events of an accepted append were answered with, or why it was not accepted. */
export type PackedOutcome =
  Position | { readonly conflict: number } | { readonly failed: PackedError };

export function packEvents(events: readonly StoredEvent[]): Packed {
  const packed: Packed = [];
  for (const { position, stream, revision, id, type, body, recordedAt } of events) {
    packed.push(position, stream, revision, id, type, body, recordedAt);
  }
  return packed;
}

export function unpackEvents(packed: Packed): StoredEvent[] {
  return inGroups(packed, 7, ([position, stream, revision, id, type, body, recordedAt]) => ({
    position: position as Position,
    stream: stream as string,
    revision: revision as number,
    id: id as string,
    type: type as string,
    body: body as string,
    recordedAt: recordedAt as number,
  }));
}

export function packStreamEvents(events: readonly StreamEvent[]): Packed {
  return events.flatMap((event) => [...packEvents([event]), event.acknowledged]);
}

export function unpackStreamEvents(packed: Packed): StreamEvent[] {
  return inGroups(packed, 8, (fields) => ({
    ...unpackEvents(fields.slice(0, 7))[0]!,
    acknowledged: fields[7] as Position,
  }));
}

export function packAppend({ stream, expectedRevision, events }: StreamAppend): Packed {
  const packed: Packed = [stream, expectedRevision];
  for (const { id, type, body, recordedAt } of events) packed.push(id, type, body, recordedAt);
  return packed;
}

export function unpackAppend([stream, expectedRevision, ...packed]: Packed): StreamAppend {
  return {
    stream: stream as string,
    expectedRevision: expectedRevision as number,
    events: inGroups(packed, 4, ([id, type, body, recordedAt]) => ({
      id: id as string,
      type: type as string,
      body: body as string,
      recordedAt: recordedAt as number,
    })),
  };
}

export function packOutcome(outcome: AppendOutcome): PackedOutcome {
  if (outcome.status === 'appended') return outcome.positions.at(-1)!;
  if (outcome.status === 'conflict') return { conflict: outcome.actualRevision };
  return { failed: packError(outcome.error) };
}

export function unpackOutcome(packed: PackedOutcome, { events }: StreamAppend): AppendOutcome {
  if (typeof packed === 'number') {
    return { status: 'appended', positions: events.map(() => packed) };
  }
  if ('conflict' in packed) return { status: 'conflict', actualRevision: packed.conflict };
  return { status: 'failed', error: unpackError(packed.failed) as StoreError };
}

export function packError(error: unknown): PackedError {
  const { message, cause } = asError(error);
  return {
    message,
    ...(error instanceof StoreError && { code: error.code }),
    ...(cause instanceof Error && { cause: cause.message }),
  };
}

export function unpackError({ code, message, cause }: PackedError): Error {
  const options = cause === undefined ? {} : { cause: new Error(cause) };
  return code === undefined ? new Error(message, options) : new StoreError(code, message, options);
}

function inGroups<T>(packed: Packed, size: number, make: (fields: Packed) => T): T[] {
  const made: T[] = [];
  for (let at = 0; at < packed.length; at += size) made.push(make(packed.slice(at, at + size)));
  return made;
}
