import { readFileSync, statSync } from 'node:fs';

import {
  MAX_JSON_DEPTH,
  parseStrictJson,
  StrictJsonError,
  withoutByteOrderMark,
} from './strict-json';
import { describeFileError } from './file-error';

/** Far above any file of prices, plans or drafts. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads a JSON file that a person wrote. Skips a UTF-8 byte order mark, and refuses bytes that are not UTF-8.
 * @throws Error with a sentence that names the file and says what is wrong with it.
 */
export function readJsonFile(path: string): unknown {
  return parse(path, readBytes(path));
}

function readBytes(path: string): Buffer {
  try {
    if (statSync(path).size > MOST_BYTES) {
      throw new Error(`${path} is larger than ${MOST_BYTES / 1024 / 1024} MiB.`);
    }
    return withoutByteOrderMark(readFileSync(path));
  } catch (error) {
    throw new Error(describeFileError(error, path), { cause: error });
  }
}

function parse(path: string, bytes: Buffer): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new Error(`${path} ${faultOf(error)}`, { cause: error });
  }
}

function faultOf({ code, text, character }: StrictJsonError): string {
  if (code === 'too_deep') return `is nested more than ${MAX_JSON_DEPTH} levels deep.`;
  if (code === 'not_utf8') return 'is not UTF-8: save it in that encoding.';
  if (text.trim() === '') return 'is empty.';
  if (character === undefined) return 'is not JSON.';
  if (character >= text.length) return 'is not JSON: it ends too early.';
  const before = text.slice(0, character).split('\n');
  return `is not JSON: see line ${before.length}, character ${before.at(-1)!.length + 1}.`;
}
