import { refuseCursor } from '../../usage/cursor';

/** An opaque cursor of a list in ledger order: the position of the last event that was looked at. */
export function writePositionCursor(position: number): string {
  return Buffer.from(JSON.stringify(['position', position])).toString('base64url');
}

/** @throws Problem `invalid_cursor` where a list in ledger order did not give it. */
export function readPositionCursor(text: string): number {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(value) && value.length === 2 && value[0] === 'position') {
      const position: unknown = value[1];
      if (Number.isSafeInteger(position) && (position as number) >= 0) return position as number;
    }
  } catch {
    // Falls through to the refusal: it is no cursor, whatever it is.
  }
  return refuseCursor();
}
