import type { IncomingHttpHeaders } from 'node:http';

import type { Json } from '../domain/events/facts';
import { Problem } from '../http/problem';
import { parseJson, refuseCompressed } from '../http/body';

/** The most events of a batch. */
const MAX_BATCH = 10_000;

/** What was posted: one event, or a batch. */
export interface CloudEventsRequest {
  readonly mode: 'single' | 'batch';
  readonly events: readonly Json[];
}

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const JSON_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/;

/**
 * Reads a request in any of the three CloudEvents HTTP modes; the events themselves are not judged here.
 * @throws Problem where the request as a whole can't be read.
 */
export function readRequest(
  headers: IncomingHttpHeaders,
  body: Uint8Array | undefined,
): CloudEventsRequest {
  const mediaType = readMediaType(headers);
  if (body === undefined || body.length === 0) {
    throw new Problem('invalid_json', 'The body is empty: send an event, or a batch of events.');
  }
  if (mediaType === STRUCTURED) return { mode: 'single', events: [parseJson(body)] };
  if (mediaType === BATCH) return { mode: 'batch', events: readBatch(parseJson(body)) };
  return { mode: 'single', events: [readBinary(headers, mediaType, parseJson(body))] };
}

function readMediaType(headers: IncomingHttpHeaders): string {
  refuseCompressed(headers);
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';');
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'charset') continue;
    if (!/^"?utf-8"?$/i.test(value.trim())) {
      throw new Problem('unsupported_media_type', 'Bodies are UTF-8: no other charset is taken.');
    }
  }
  const mediaType = type.trim().toLowerCase();
  if (!JSON_TYPE.test(mediaType)) {
    throw new Problem(
      'unsupported_media_type',
      `Send Content-Type: ${STRUCTURED} (one event), ${BATCH} (a list), or application/json with the attributes in ce- headers.`,
    );
  }
  return mediaType;
}

function readBatch(body: Json): readonly Json[] {
  if (!Array.isArray(body)) throw new Problem('invalid_body', 'A batch is a JSON list of events.');
  if (body.length > MAX_BATCH) {
    throw new Problem(
      'too_many_events',
      `A batch has at most ${MAX_BATCH} events, this one ${body.length}: nothing of it was taken. Send smaller batches.`,
    );
  }
  return body as readonly Json[];
}

/** Binary mode: attributes in `ce-` headers, percent-encoded as the HTTP binding says; the body is the data. */
function readBinary(headers: IncomingHttpHeaders, mediaType: string, data: Json): Json {
  const event: Record<string, Json> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-') || value === undefined) continue;
    event[name.slice(3)] = decodeHeader(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { ...event, datacontenttype: mediaType, data };
}

function decodeHeader(name: string, value: string): string {
  try {
    // Node gives header bytes as Latin-1; those that are not ASCII are UTF-8 that was not percent-encoded.
    return decodeURIComponent(Buffer.from(value, 'latin1').toString('utf8'));
  } catch {
    throw new Problem(
      'invalid_attribute',
      `The header ${name} is not percent-encoded UTF-8: a % is written %25.`,
      { pointer: `/${name.slice(3)}` },
    );
  }
}
