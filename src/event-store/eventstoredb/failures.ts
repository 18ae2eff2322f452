import {
  AccessDeniedError,
  isCommandError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

import { StoreError } from '../errors';
import { NO_STREAM } from '../port';

/** A call that got no answer in time. The server may still carry it out. */
export class NoAnswerError extends Error {
  constructor(readonly waitedMs: number) {
    super(`The event store did not answer within ${waitedMs} ms.`);
    this.name = 'NoAnswerError';
  }
}

/** A read whose client was dropped while it ran, so that it may have returned only the beginning. */
export class CutShortError extends Error {
  constructor() {
    super('The connection was given up during a read.');
    this.name = 'CutShortError';
  }
}

/** A gRPC status code. */
const UNKNOWN = 2;
const INVALID_ARGUMENT = 3;

/** What the client says when it had no connection over which to send a request. */
const NEVER_SENT = /ECONNREFUSED|No connection established|Name resolution failed/;

/** What an error of the client means for us. */
export type Failure =
  | { readonly kind: 'conflict'; readonly actualRevision: number }
  | { readonly kind: 'final'; readonly error: StoreError }
  | {
      readonly kind: 'passing';
      /** Whether the request may have reached the server. */
      readonly sent: boolean;
      /** Whether this client may never recover, so that a new one is needed. */
      readonly stuck: boolean;
    };

/** Classifies an error of the client. Any error that is not understood counts as passing, with an unknown outcome. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StoreError) return { kind: 'final', error };
  if (error instanceof WrongExpectedVersionError) {
    const actual = error.actualVersion;
    return {
      kind: 'conflict',
      actualRevision: typeof actual === 'bigint' && actual >= 0n ? Number(actual) : NO_STREAM,
    };
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    return { kind: 'final', error: new StoreError('refused', refusal, { cause: error }) };
  }
  if (error instanceof NoAnswerError) return { kind: 'passing', sent: true, stuck: true };
  if (!isCommandError(error as Error)) {
    // The feature request and the discovery of a cluster fail in this way, before an append is sent. The client keeps a
    // failed discovery forever, but recovers from a refused connection.
    return { kind: 'passing', sent: false, stuck: (error as { code?: unknown }).code !== 14 };
  }
  const unrecognised = error instanceof UnknownError && /^Could not recognize/.test(error.message);
  const unconnected = error instanceof UnavailableError && NEVER_SENT.test(error.message);
  return { kind: 'passing', sent: !unconnected, stuck: unrecognised };
}

function refusalOf(error: unknown): string | undefined {
  if (error instanceof AccessDeniedError) {
    return 'The event store denies access. Check the user and password in EVENT_STORE_URL, and that the user may read $all and write the streams.';
  }
  if (error instanceof StreamDeletedError) {
    return `The stream ${error.streamName} was deleted for good on the server. A ledger's streams must never be deleted: restore a backup.`;
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return 'The events of one append are larger than the event store accepts.';
  }
  if (error instanceof InvalidArgumentError) {
    return `The event store rejects the request: ${error.message}`;
  }
  if (error instanceof UnknownError && error.message === 'Could not recognize BadRequest') {
    return 'The event store rejects the request as a bad one, without saying why.';
  }
  return undefined;
}

/** Returns the error for a stream whose first events are hidden: it was deleted or truncated. */
export function truncated(stream: string): StoreError {
  return new StoreError(
    'refused',
    `The first events of the stream ${stream} were deleted or truncated on the server. A ledger's streams must never be deleted, and have no $maxAge, $maxCount or $tb: restore a backup.`,
  );
}

/**
 * Explains the error with which the server fails if a read starts where no record starts. Returns any other error
 * unchanged.
 */
export function explainPosition(error: unknown, position: number): unknown {
  if (!(error instanceof UnknownError && isOfPosition(error))) return error;
  return new StoreError(
    'refused',
    `The event store has no event at position ${position}. Whatever named it belongs to another store. If that is a read model, delete it: it is filled again.`,
    { cause: error },
  );
}

/** 23.10 says nothing but "unknown"; later versions call the argument invalid, and say which. */
function isOfPosition({ code, message }: UnknownError): boolean {
  const status = code as number | undefined;
  return status === UNKNOWN || (status === INVALID_ARGUMENT && /invalid position/i.test(message));
}

/** The error of a call that has used up its tries. */
export function givenUp(sent: boolean, cause: unknown): StoreError {
  return sent
    ? new StoreError(
        'outcome_unknown',
        'The event store did not confirm the request; it may have been carried out. Sending the same again is safe.',
        { cause },
      )
    : new StoreError(
        'unavailable',
        'The event store cannot be reached. Check that it runs; sending the same again is safe.',
        { cause },
      );
}
