import { createHash } from 'node:crypto';

const CHECK_LENGTH = 8;

/** A line of a segment: a check of the text that follows, so that what a power cut left half written is known. */
export function toLine(text: string): Buffer {
  return Buffer.from(`${checkOf(text)} ${text}\n`);
}

/** What a segment holds, and whether something unreadable lies before something that can be read. */
export interface ReadLines {
  readonly texts: string[];
  readonly damaged: boolean;
}

/**
 * Reads a segment. Unreadable lines at its end were never said to be kept: a write that was cut short. Before others they are
 * damage.
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
