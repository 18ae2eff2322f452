import { MAX_BODY_BYTES, parseJson } from '../../http/body';
import { Problem } from '../../http/problem';
import { withoutByteOrderMark } from '../../lib/strict-json';
import type { SentResult } from '../client';
import { isBlank, type Line } from './lines';

/** A line that holds one JSON value, as the bytes to send. */
export interface SoundLine {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The verdict on a line before anything is sent: blank, to be sent, or refused. */
export type Judged =
  | { readonly kind: 'blank' }
  | { readonly kind: 'sound'; readonly line: SoundLine }
  | { readonly kind: 'refused'; readonly result: SentResult };

/**
 * Reads a line's bytes as the service reads a body. A line that passes is exactly one JSON value, so it can't break out
 * of the list it is sent in. Its bytes are sent unchanged, for the service to judge.
 */
export function judge({ number, bytes }: Line): Judged {
  if (bytes === undefined) {
    const detail = `The line is longer than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`;
    return { kind: 'refused', result: { status: 'rejected', code: 'body_too_large', detail } };
  }
  const content = number === 1 ? withoutByteOrderMark(bytes) : bytes;
  if (isBlank(content)) return { kind: 'blank' };
  try {
    parseJson(content, 'The line');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, detail } = error;
    return { kind: 'refused', result: { status: 'rejected', code, detail } };
  }
  return { kind: 'sound', line: { number, bytes: content } };
}
