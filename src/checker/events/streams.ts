import { DoesNotFollow } from '../problem';

/** @throws DoesNotFollow if an event is not on the stream that its content belongs to. */
export function checkStream(stream: string, expected: string): void {
  if (stream !== expected) {
    throw new DoesNotFollow(
      `It is on the stream ${stream}, but its content belongs to ${expected}.`,
    );
  }
}

/**
 * Returns the part of a stream's name after the prefix. @throws DoesNotFollow if the name does not begin with the
 * prefix.
 */
export function namedBy(stream: string, prefix: string): string {
  if (!stream.startsWith(prefix) || stream.length === prefix.length) {
    throw new DoesNotFollow(`It is on the stream ${stream}, but belongs on one of ${prefix}….`);
  }
  return stream.slice(prefix.length);
}
