/** How deep lists and objects may be nested. */
export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are not taken as JSON. The message repeats nothing of them. */
export class StrictJsonError extends Error {
  /**
   * @param code what is wrong; the last two are both "invalid JSON" to a client.
   * @param character where the mistake is, counted from 0 in UTF-16 units; `undefined` where it can't be said.
   */
  constructor(
    readonly code: 'too_deep' | 'not_utf8' | 'not_json',
    readonly text = '',
    readonly character?: number,
  ) {
    super(code);
    this.name = 'StrictJsonError';
  }
}

/**
 * Reads JSON from bytes: UTF-8 without a single wrong byte, no byte order mark, bounded in depth before anything is
 * parsed. Numbers beyond the IEEE range become infinities, which the caller's own checks refuse.
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (isTooDeep(bytes)) throw new StrictJsonError('too_deep');
  return parseStrictText(decodeStrictly(bytes));
}

/**
 * The text of bytes that are UTF-8 without a single wrong byte.
 * @throws StrictJsonError `not_utf8`
 */
export function decodeStrictly(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new StrictJsonError('not_utf8');
  }
}

/**
 * Reads JSON whose depth was looked at before.
 * @throws StrictJsonError `not_json`
 */
export function parseStrictText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StrictJsonError('not_json', text, placeOf(error, text));
  }
}

/** Not every version of V8 says it for every mistake. */
function placeOf(error: unknown, text: string): number | undefined {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Unexpected end')) return text.length;
  const place = /at position (\d+)/.exec(message);
  return place === null ? undefined : Number(place[1]);
}

/** The bytes without the byte order mark that some editors put before UTF-8. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** Counts brackets outside of strings; the bytes of UTF-8's longer characters are none of these. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return false;
}
