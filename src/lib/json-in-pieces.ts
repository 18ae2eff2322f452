import { setImmediate } from 'node:timers/promises';

import {
  CLOSE_LIST,
  COMMA,
  decodeStrictly,
  findOutsideStrings,
  MAX_JSON_DEPTH,
  nesting,
  OPEN_LIST,
  parseStrictText,
  StrictJsonError,
} from './strict-json';

/** About how many bytes of a list are read without a pause: a few milliseconds of work. */
const PIECE_BYTES = 64 * 1024;

/** An item of a list is longer than allowed. */
export class ItemTooLongError extends Error {
  /** @param index of the item, from 0. */
  constructor(readonly index: number) {
    super(`Item ${index} of the list is too long.`);
    this.name = 'ItemTooLongError';
  }
}

/**
 * Reads a JSON list as strictly as `parseStrictJson`, but in pieces, so that other work gets its turn between them.
 * @param itemBytes how many bytes an item may have, including the blanks around it.
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

/** Parses the items of a piece between two commas. @throws StrictJsonError for the first mistake in it. */
function itemsOf(text: string, unit: number, isWhole: boolean): unknown[] {
  try {
    return parseStrictText(isWhole ? `[${text}]` : `[${text}`) as unknown[];
  } catch (error) {
    if (!(error instanceof StrictJsonError) || error.character === undefined) throw error;
    throw misplaced(unit + error.character - 1);
  }
}

/**
 * Returns where a piece of a list ends: at the first comma between items once it is long enough, at the bracket that
 * closes the list, or at the end of the bytes.
 */
function endOfPiece(
  bytes: Uint8Array,
  from: number,
  pieceBytes: number,
  itemBytes: number,
  itemsBefore: number,
): number {
  let depth = 1;
  let item = from;
  let itemsHere = 0;
  const checkLength = (end: number) => {
    if (end - item > itemBytes) throw new ItemTooLongError(itemsBefore + itemsHere);
  };
  const end = findOutsideStrings(bytes, from, (byte, index) => {
    checkLength(index);
    depth += nesting(byte);
    if (depth > MAX_JSON_DEPTH) throw new StrictJsonError('too_deep');
    if (depth === 0) return true;
    if (byte !== COMMA || depth > 1) return false;
    if (index - from >= pieceBytes) return true;
    item = index + 1;
    itemsHere += 1;
    return false;
  });
  checkLength(end);
  return end;
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
