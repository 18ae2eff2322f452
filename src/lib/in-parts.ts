/** How many bytes of a large piece a slow reader takes at once. */
const PART_BYTES = 64 * 1024;

/**
 * Cuts bytes into parts, without copying them, so that a reader is seen to read before it has taken all of them. Nothing
 * has no parts.
 */
export function* inParts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    yield bytes.subarray(from, from + PART_BYTES);
  }
}
