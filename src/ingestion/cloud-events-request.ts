import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { Json } from '../domain/events/facts';
import { Problem } from '../http/problem';
import { MAX_BODY_BYTES, mediaTypeOf, parseBatch, parseJson } from '../http/body';
import { readBinary } from './binary-mode';

/** The maximum number of events in a batch. */
export const MAX_BATCH = 10_000;

/** What was posted: one event or a batch. */
export interface CloudEventsRequest {
  readonly mode: 'single' | 'batch';
  readonly events: readonly Json[];
}

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const JSON_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/;

/**
 * Reads a request in any of the three CloudEvents HTTP modes. Does not judge the events themselves.
 * @param body decompressed.
 * @throws Problem if the request as a whole can't be read.
 */
export async function readRequest(
  { headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  body: Uint8Array | undefined,
): Promise<CloudEventsRequest> {
  const mediaType = readMediaType(headers);
  if (body === undefined || body.length === 0) {
    throw new Problem('invalid_json', 'The body is empty: send an event, or a batch of events.');
  }
  if (mediaType === BATCH) return { mode: 'batch', events: await readBatch(body) };
  if (body.length > MAX_BODY_BYTES) {
    throw new Problem('body_too_large', 'An event has at most 1 MiB. A batch may have 16.');
  }
  const value = parseJson(body);
  if (mediaType === STRUCTURED) return { mode: 'single', events: [readStructured(value)] };
  refuseUnmarked(headers, value);
  return { mode: 'single', events: [readBinary(rawHeaders, mediaType, value)] };
}

function readStructured(value: Json): Json {
  if (Array.isArray(value)) throw otherType(`Send a list of events as ${BATCH}.`);
  return value;
}

/** Refuses whole events whose content type says that they are only data. */
function refuseUnmarked(headers: IncomingHttpHeaders, value: Json): void {
  if (headers['ce-specversion'] !== undefined || typeof value !== 'object' || value === null)
    return;
  if (Array.isArray(value)) {
    throw otherType(`Send a list of events as ${BATCH}, not as application/json.`);
  }
  if (Object.hasOwn(value, 'specversion')) {
    throw otherType(
      `Send a whole CloudEvent as ${STRUCTURED}; application/json is for its data, with the attributes in ce- headers.`,
    );
  }
}

function otherType(detail: string): Problem {
  return new Problem('unsupported_media_type', `${detail} Set Content-Type to it.`);
}

function readMediaType(headers: IncomingHttpHeaders): string {
  const mediaType = mediaTypeOf(headers);
  if (!JSON_TYPE.test(mediaType)) {
    throw new Problem(
      'unsupported_media_type',
      `Send Content-Type: ${STRUCTURED} (one event), ${BATCH} (a list), or application/json with the attributes in ce- headers.`,
    );
  }
  return mediaType;
}

async function readBatch(body: Uint8Array): Promise<readonly Json[]> {
  const events = await parseBatch(body);
  if (events === undefined) {
    if (body.length <= MAX_BODY_BYTES) parseJson(body);
    throw new Problem(
      'invalid_body',
      `A batch is a JSON list of events. Send a single event as ${STRUCTURED}.`,
    );
  }
  if (events.length > MAX_BATCH) {
    throw new Problem(
      'too_many_events',
      `A batch has at most ${MAX_BATCH} events, this one ${events.length}. None of it was recorded. Send smaller batches.`,
    );
  }
  return events;
}
