import { readOpaque, refuseCursor, writeOpaque } from '../http/cursor';
import type { ItemPlace } from './rehearsal-items';

/** Encodes an opaque cursor: the key of the last item shown. */
export function writePlace({ user_id, period, currency }: ItemPlace): string {
  return writeOpaque([user_id, period, currency]);
}

/** @throws Problem `invalid_cursor` if the cursor is not from this list. */
export function readPlace(text: string | undefined): ItemPlace | undefined {
  if (text === undefined) return undefined;
  const values = readOpaque(text, 3);
  if (!values.every((one) => typeof one === 'string')) return refuseCursor();
  const [user_id, period, currency] = values as readonly [string, string, string];
  return { user_id, period, currency };
}
