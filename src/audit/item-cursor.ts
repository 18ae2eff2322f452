import { Problem } from '../platform/problem';
import type { ItemPlace } from './rehearsal-items';

/** An opaque cursor: the place of the last item shown. */
export function writePlace({ user_id, period, currency }: ItemPlace): string {
  return Buffer.from(JSON.stringify([user_id, period, currency])).toString('base64url');
}

/** @throws Problem `invalid_cursor` where the list did not give it. */
export function readPlace(text: string | undefined): ItemPlace | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((one) => typeof one === 'string')
    ) {
      const [user_id, period, currency] = value as [string, string, string];
      return { user_id, period, currency };
    }
  } catch {
    // Falls through to the refusal: it is no cursor, whatever it is.
  }
  throw new Problem(
    'invalid_cursor',
    "cursor must be the next_cursor of this list's answer before.",
    { pointer: '/cursor' },
  );
}
