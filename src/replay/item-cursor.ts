import { readOpaque, refuseCursor, writeOpaque } from '../http/cursor';
import type { ItemPlace } from './rehearsal-items';

/** An opaque cursor: the place of the last item shown. */
export function writePlace({ user_id, period, currency }: ItemPlace): string {
  return writeOpaque([user_id, period, currency]);
}

/** @throws Problem `invalid_cursor` if the list did not give it. */
export function readPlace(text: string | undefined): ItemPlace | undefined {
  if (text === undefined) return undefined;
  const values = readOpaque(text, 3);
  if (!values.every((one) => typeof one === 'string')) return refuseCursor();
  const [user_id, period, currency] = values as readonly [string, string, string];
  return { user_id, period, currency };
}
