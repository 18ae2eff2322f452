import { whyNoBundle } from './no-bundle';
import { DoesNotFollow } from './problem';

/** The longest line that is read. Events are far shorter. */
const MOST_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * Splits a file into lines, without their line feeds. The bytes may come from anywhere: a browser reads bundles, too.
 * @throws DoesNotFollow if the file does not begin like a bundle, is not text, has an endless line, or is cut off.
 */
export async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let begun: Uint8Array[] = [];
  let bytes = 0;
  let isFirst = true;
  /** Returns the bytes read of the current line so far, which may be only its beginning. */
  const takeBegun = () => {
    const line = Buffer.concat(begun);
    const why = isFirst ? whyNoBundle(line) : undefined;
    if (why !== undefined) throw new DoesNotFollow(why);
    isFirst = false;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      begun.push(chunk.subarray(start, end));
      yield decode(decoder, takeBegun());
      begun = [];
      bytes = 0;
      start = end + 1;
    }
    begun.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > MOST_BYTES) {
      takeBegun();
      throw new DoesNotFollow(`A line is longer than ${MOST_BYTES} bytes.`);
    }
  }
  if (bytes === 0) return;
  takeBegun();
  throw new DoesNotFollow('The file was cut off in the middle of a line.');
}

function decode(decoder: InstanceType<typeof TextDecoder>, line: Uint8Array): string {
  try {
    return decoder.decode(line);
  } catch {
    throw new DoesNotFollow('A line is not UTF-8.');
  }
}
