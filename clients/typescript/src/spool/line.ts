import { createHash } from 'node:crypto';

const CHECK_LENGTH = 8;

/** Makes a line of a segment. It begins with a checksum, so that a line half written at a power cut is recognized. */
export function toLine(text: string): Buffer {
  return Buffer.from(`${checkOf(text)} ${text}\n`);
}

/** A segment's texts, and whether an unreadable line comes before a readable one. */
export interface ReadLines {
  readonly texts: string[];
  readonly damaged: boolean;
}

/**
 * Reads a segment. Unreadable lines at its end are what is left of a write that was cut short: their facts were never
 * reported as kept. Anywhere else they are damage.
 */
export function readLines(bytes: Buffer): ReadLines {
  const texts: string[] = [];
  let unreadable = false;
  let damaged = false;
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line === '') continue;
    const text = line.slice(CHECK_LENGTH + 1);
    if (line.slice(0, CHECK_LENGTH) === checkOf(text)) {
      damaged ||= unreadable;
      texts.push(text);
    } else {
      unreadable = true;
    }
  }
  return { texts, damaged };
}

function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECK_LENGTH);
}
