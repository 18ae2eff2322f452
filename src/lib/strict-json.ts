/** How deep lists and objects may be nested. */
export const MAX_JSON_DEPTH = 64;

export const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes are not acceptable JSON. The message quotes nothing of them. */
export class StrictJsonError extends Error {
  /**
   * @param code what is wrong. Clients see the last two as the same: invalid JSON.
   * @param character the position of the mistake, from 0 in UTF-16 units; `undefined` if V8 does not give it.
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
 * Reads JSON from bytes. They must be valid UTF-8 without a byte order mark, and their depth is checked before anything
 * is parsed. Numbers beyond the IEEE range become infinities, which the caller's own checks refuse.
 * @param mostDepth less if the value will be part of another one.
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array, mostDepth = MAX_JSON_DEPTH): unknown {
  if (isTooDeep(bytes, mostDepth)) throw new StrictJsonError('too_deep');
  return parseStrictText(decodeStrictly(bytes));
}

/**
 * Decodes bytes that must be valid UTF-8 throughout.
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
 * Parses JSON whose depth has already been checked.
 * @throws StrictJsonError `not_json`
 */
export function parseStrictText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StrictJsonError('not_json', text, placeOf(error, text));
  }
}

/** Reads the position from a message of V8. Not every version gives it for every mistake. */
function placeOf(error: unknown, text: string): number | undefined {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Unexpected end')) return text.length;
  const place = /at position (\d+)/.exec(message);
  return place === null ? undefined : Number(place[1]);
}

/** Returns the bytes without the byte order mark that some editors put before UTF-8. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** Whether brackets are nested deeper than this. */
function isTooDeep(bytes: Uint8Array, mostDepth: number): boolean {
  let depth = 0;
  const end = findOutsideStrings(bytes, 0, (byte) => {
    depth += nesting(byte);
    return depth > mostDepth;
  });
  return end < bytes.length;
}

/** Returns by how many levels a bracket or comma changes the depth. */
export function nesting(byte: number): -1 | 0 | 1 {
  if (byte === OPEN_OBJECT || byte === OPEN_LIST) return 1;
  return byte === COMMA ? 0 : -1;
}

/**
 * Finds the first bracket or comma outside strings for which `isIt` returns true. UTF-8's multi-byte characters contain
 * none of these bytes.
 * @returns its index; the length of the bytes if there is none.
 */
export function findOutsideStrings(
  bytes: Uint8Array,
  from: number,
  isIt: (byte: number, index: number) => boolean,
): number {
  let inString = false;
  for (let index = from; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (isStructure(byte) && isIt(byte, index)) return index;
  }
  return bytes.length;
}

function isStructure(byte: number): boolean {
  return (
    byte === COMMA ||
    byte === OPEN_OBJECT ||
    byte === CLOSE_OBJECT ||
    byte === OPEN_LIST ||
    byte === CLOSE_LIST
  );
}
