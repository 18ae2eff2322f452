import type { IncomingHttpHeaders } from 'node:http';

import type { Json } from '../domain/events/facts';
import { ItemTooLongError, parseListInPieces } from '../lib/json-in-pieces';
import { MAX_JSON_DEPTH, parseStrictJson, StrictJsonError } from '../lib/strict-json';
import { Problem } from './problem';

/**
 * The maximum size of a body that is parsed as a whole, in bytes: an event, or what a person wrote. Parsing takes a few
 * milliseconds.
 */
export const MAX_BODY_BYTES = 1024 * 1024;
/** The maximum size of a batch of events in bytes. A batch is parsed piece by piece. */
export const MAX_BATCH_BYTES = 16 * MAX_BODY_BYTES;

/** @throws Problem `unsupported_media_type` if a body is compressed, because its length does not show its real size. */
export function refuseCompressed(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  throw new Problem(
    'unsupported_media_type',
    'Compressed bodies are not accepted. Send plain JSON.',
  );
}

/**
 * Returns a body's media type in lower case, without its parameters.
 * @throws Problem `unsupported_media_type` if it names another charset than UTF-8.
 */
export function mediaTypeOf(headers: IncomingHttpHeaders): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';');
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'charset') continue;
    if (!/^"?utf-8"?$/i.test(value.trim())) {
      throw new Problem(
        'unsupported_media_type',
        'Bodies must be UTF-8: no other charset is accepted.',
      );
    }
  }
  return type.trim().toLowerCase();
}

/**
 * Reads a JSON body. Checks its depth before it parses anything.
 * @param what was sent, for messages: "The body", or "The line" of an import.
 * @throws Problem `invalid_json` or `too_deep`.
 */
export function parseJson(body: Uint8Array, what = 'The body'): Json {
  try {
    return parseStrictJson(body) as Json;
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw toProblem(error, what);
  }
}

/**
 * Reads a batch as strictly as {@link parseJson}, in pieces, and lets other work run in between.
 * @returns `undefined` if the body does not begin with a list.
 * @throws Problem `invalid_json`, `too_deep` or `body_too_large`.
 */
export async function parseBatch(body: Uint8Array): Promise<readonly Json[] | undefined> {
  try {
    return (await parseListInPieces(body, MAX_BODY_BYTES)) as Json[] | undefined;
  } catch (error) {
    if (error instanceof StrictJsonError) throw toProblem(error, 'The body');
    if (!(error instanceof ItemTooLongError)) throw error;
    throw new Problem(
      'body_too_large',
      `Event ${error.index} of the batch (counted from 0) is longer than 1 MiB. Nothing was recorded. Send the others without it.`,
    );
  }
}

/** Says where the mistake is, without quoting what was sent. */
function toProblem({ code, character }: StrictJsonError, what: string): Problem {
  if (code === 'too_deep') {
    return new Problem('too_deep', `JSON may be nested ${MAX_JSON_DEPTH} levels deep, no more.`);
  }
  if (code === 'not_utf8') return new Problem('invalid_json', `${what} is not UTF-8.`);
  const place = character === undefined ? '' : ` (at character ${character})`;
  return new Problem('invalid_json', `${what} is not JSON${place}.`);
}
