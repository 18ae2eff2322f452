import { DoesNotFollow } from '../problem';

/** @throws DoesNotFollow where an event lies on another stream than what it says belongs to. */
export function checkStream(stream: string, expected: string): void {
  if (stream !== expected) {
    throw new DoesNotFollow(
      `It lies on the stream ${stream}, and what it says belongs to ${expected}.`,
    );
  }
}

/** What follows a prefix. @throws DoesNotFollow where a stream does not begin with it. */
export function namedBy(stream: string, prefix: string): string {
  if (!stream.startsWith(prefix) || stream.length === prefix.length) {
    throw new DoesNotFollow(`It lies on the stream ${stream}, and belongs to one of ${prefix}….`);
  }
  return stream.slice(prefix.length);
}
