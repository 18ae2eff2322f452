import './globals';

import { checkLines } from '../../src/checker/check-lines';
import { DoesNotFollow } from '../../src/checker/problem';
import { splitLines } from '../../src/checker/split-lines';
import { inWords } from '../../src/checker/words';

/** The page's message: a bundle, and the key that the person trusts, if any. */
interface Asked {
  readonly file: File;
  readonly key: string | undefined;
}

/** Checks bundles off the page's thread, with the code that `check-bundle` runs. */
addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const answer = (said: object) => postMessage(said);
  checkLines(linesOf(data.file), data.key)
    .then((report) => answer({ holds: report.holds, words: inWords(report).split('\n') }))
    .catch((error: unknown) => answer({ error: String(error) }));
});

/** The lines of a file, compressed with gzip or not. */
async function* linesOf(file: File): AsyncGenerator<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream: ReadableStream<Uint8Array> = isPacked
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  yield* splitLines(chunksOf(stream, isPacked));
}

/** Reads by hand, because not every browser can iterate over a stream. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  isPacked: boolean,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (!isPacked || !(error instanceof TypeError)) throw error;
    throw new DoesNotFollow("The file can't be unpacked: it was cut off or changed.");
  } finally {
    reader.releaseLock();
  }
}
