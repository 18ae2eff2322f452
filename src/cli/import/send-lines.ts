import { codesThatRefuse } from '../../http/problem';
import { sendBatch, sendEvent, ServiceError, type SentResult } from '../client';
import type { SoundLine } from './judge';

/** Codes that refuse a whole body because of its content. */
const OF_THE_BODY = codesThatRefuse('body');
/** Codes that refuse the one event that was sent. */
const OF_THE_EVENT = codesThatRefuse('body', 'event');

/**
 * Sends lines, and returns a verdict for each. If the service refuses them as a whole, sends them in smaller parts, at
 * worst one by one, so that a refusal concerns one line and spoils no other.
 * @throws ServiceError for what is no line's fault, such as a missing right; Error if the service can't be reached.
 */
export async function sendLines(
  url: string,
  key: string | undefined,
  lines: readonly SoundLine[],
): Promise<readonly SentResult[]> {
  try {
    const { results } = await sendBatch(url, listOf(lines), key);
    if (results?.length === lines.length) return results;
  } catch (error) {
    if (!(error instanceof ServiceError) || !OF_THE_BODY.has(error.code ?? '')) throw error;
    if (lines.length === 1) return [await sendAlone(url, key, lines[0]!)];
    const half = lines.length >> 1;
    const first = await sendLines(url, key, lines.slice(0, half));
    return [...first, ...(await sendLines(url, key, lines.slice(half)))];
  }
  throw new Error(
    `${url} did not answer with a verdict for each event. Is this the address of a Minutebook service?`,
  );
}

/** A single event may be two bytes longer, and nested one level deeper, than in a list. */
async function sendAlone(
  url: string,
  key: string | undefined,
  { bytes }: SoundLine,
): Promise<SentResult> {
  try {
    const { results } = await sendEvent(url, bytes, key);
    return results[0]!;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === undefined) throw error;
    const { code, detail, pointer } = error;
    // A list, too deep to be judged in a batch, is refused as a type when it is sent alone.
    if (!OF_THE_EVENT.has(code) && code !== 'unsupported_media_type') throw error;
    return { status: 'rejected', code, detail, pointer };
  }
}

/** Returns a JSON list of the lines' own bytes. */
function listOf(lines: readonly SoundLine[]): Buffer {
  const pieces = lines.flatMap(({ bytes }, index) => [index === 0 ? '[' : ',', bytes]);
  return Buffer.concat(
    [...pieces, ']'].map((one) => (typeof one === 'string' ? Buffer.from(one) : one)),
  );
}
