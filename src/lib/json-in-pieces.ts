import { setImmediate } from 'node:timers/promises';

import { decodeStrictly, MAX_JSON_DEPTH, parseStrictText, StrictJsonError } from './strict-json';

/** About how many bytes of a list are read at a stretch: a few milliseconds of work. */
const PIECE_BYTES = 64 * 1024;

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An item of a list is longer than items may be. */
export class ItemTooLongError extends Error {
  /** @param index of the item, from 0. */
  constructor(readonly index: number) {
    super(`Item ${index} of the list is too long.`);
    this.name = 'ItemTooLongError';
  }
}

/**
 * Reads a JSON list as strictly as `parseStrictJson`, but a piece at a time, so that others have their turn in between.
 * @param itemBytes how long an item may be, including the blanks around it.
 * @returns the items; `undefined` if the bytes do not begin with a list.
 * @throws StrictJsonError for the first mistake in the text; ItemTooLongError.
 */
export async function parseListInPieces(
  bytes: Uint8Array,
  itemBytes: number,
  pieceBytes = PIECE_BYTES,
): Promise<unknown[] | undefined> {
  const open = firstNonBlank(bytes, 0);
  if (bytes[open] !== OPEN_LIST) return undefined;
  const items: unknown[] = [];
  /** Where the next piece begins: in bytes, and in UTF-16 units. */
  let from = open + 1;
  let unit = from;
  for (;;) {
    const end = endOfPiece(bytes, from, pieceBytes, itemBytes, items.length);
    const text = decodeStrictly(bytes.subarray(from, end));
    const isLast = bytes[end] !== COMMA;
    const isMissing = firstNonBlank(bytes, from) === end && end < bytes.length;
    if (isMissing && !(isLast && items.length === 0)) throw misplaced(unit + text.length);
    items.push(...itemsOf(text, unit, end < bytes.length));
    from = end + 1;
    unit += text.length + 1;
    if (isLast) break;
    await setImmediate();
  }
  if (bytes[from - 1] !== CLOSE_LIST) throw misplaced(unit - 1);
  const rest = firstNonBlank(bytes, from);
  if (rest < bytes.length) throw misplaced(unit + rest - from);
  return items;
}

/** The items that a piece between two commas holds, or the first mistake in it. */
function itemsOf(text: string, unit: number, isWhole: boolean): unknown[] {
  try {
    return parseStrictText(isWhole ? `[${text}]` : `[${text}`) as unknown[];
  } catch (error) {
    if (!(error instanceof StrictJsonError) || error.character === undefined) throw error;
    throw misplaced(unit + error.character - 1);
  }
}

/**
 * Where a piece of a list ends: at the first comma between two items after it is long enough, where the list closes, or with
 * the bytes. Only brackets and commas outside of strings count; the bytes of UTF-8's longer characters are none of these.
 */
function endOfPiece(
  bytes: Uint8Array,
  from: number,
  pieceBytes: number,
  itemBytes: number,
  itemsBefore: number,
): number {
  let depth = 1;
  let inString = false;
  let item = from;
  let itemsHere = 0;
  for (let index = from; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if (index - item > itemBytes) throw new ItemTooLongError(itemsBefore + itemsHere);
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) throw new StrictJsonError('too_deep');
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return index;
    } else if (byte === COMMA && depth === 1) {
      if (index - from >= pieceBytes) return index;
      item = index + 1;
      itemsHere += 1;
    }
  }
  return bytes.length;
}

function misplaced(character: number): StrictJsonError {
  return new StrictJsonError('not_json', '', character);
}

const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function firstNonBlank(bytes: Uint8Array, from: number): number {
  let index = from;
  while (index < bytes.length && isBlank(bytes[index]!)) index += 1;
  return index;
}
