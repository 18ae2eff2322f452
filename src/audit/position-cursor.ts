import { readOpaque, refuseCursor, writeOpaque } from '../http/cursor';

/** Encodes an opaque cursor for a list in ledger order: the position of the last event that was read. */
export function writePositionCursor(position: number): string {
  return writeOpaque(['position', position]);
}

/** @throws Problem `invalid_cursor` if it is not from a list in ledger order. */
export function readPositionCursor(text: string): number {
  const [kind, position] = readOpaque(text, 2);
  if (kind !== 'position' || !Number.isSafeInteger(position)) return refuseCursor();
  return (position as number) >= 0 ? (position as number) : refuseCursor();
}
