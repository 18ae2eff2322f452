import type { IncomingHttpHeaders } from 'node:http';

import type { Json } from '../domain/events/facts';
import { Problem } from './problem';

/** The most bytes of a body. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws Problem `unsupported_media_type` if a body is compressed, because its length would not show its size. */
export function refuseCompressed(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  throw new Problem(
    'unsupported_media_type',
    'Compressed bodies are not accepted. Send plain JSON.',
  );
}

/**
 * Reads a JSON body, bounded in depth before anything is parsed.
 * @throws Problem `invalid_json` or `too_deep`.
 */
export function parseJson(body: Uint8Array): Json {
  if (isTooDeep(body)) {
    throw new Problem('too_deep', `JSON may be nested at most ${MAX_DEPTH} levels deep.`);
  }
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw new Problem('invalid_json', 'The body is not UTF-8.');
  }
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Problem('invalid_json', `The body is not JSON${placeOf(error)}.`);
  }
}

/** Where the mistake is, without repeating what was sent. */
function placeOf(error: unknown): string {
  const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  return place === null ? '' : ` (at character ${place[1]})`;
}

/** Counts brackets outside strings. No byte of a longer UTF-8 character looks like a bracket or quote. */
function isTooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index]!;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return false;
}
