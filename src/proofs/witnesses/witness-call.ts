import type { CosignerKey } from '../../lib/cosigner-key';
import type { Border } from '../../webhooks/outgoing';
import { post } from '../../webhooks/post';
import { cosignatureBy, type Cosignature } from './cosignature';

/** A witness's answer to a checkpoint (c2sp.org/tlog-witness). */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly cosignature: Cosignature }
  /** The witness has cosigned a tree of this size, which is not the size that the proof begins at. */
  | { readonly kind: 'elsewhere'; readonly size: number }
  /** The proof begins at the right size, but contradicts what the witness has seen. */
  | { readonly kind: 'contradicts' }
  | { readonly kind: 'failed'; readonly why: string };

/** How long a witness may take, and how much of its answer is read. A line of ML-DSA has 3,300 bytes. */
const ANSWER_MS = 10_000;
const MOST_BYTES = 65_536;

export interface AddCheckpoint {
  /** The prefix of the witness's addresses. */
  readonly url: string;
  readonly key: CosignerKey;
  readonly oldSize: number;
  readonly proof: readonly Buffer[];
  /** The signed note. */
  readonly note: string;
}

/** Asks a witness for its cosignature. Never throws. */
export async function addCheckpoint(
  { url, key, oldSize, proof, note }: AddCheckpoint,
  border: Border,
  signal: AbortSignal,
): Promise<WitnessAnswer> {
  const lines = [`old ${oldSize}`, ...proof.map((hash) => hash.toString('base64')), ''];
  const body = `${lines.join('\n')}\n${note}`;
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'Minutebook' };
  const answer = await post({ url: `${url}/add-checkpoint`, headers, body }, border, {
    wantsBody: true,
    mostBytes: MOST_BYTES,
    answerMs: ANSWER_MS,
    signal,
  });
  return judge(key, note, answer);
}

function judge(
  key: CosignerKey,
  note: string,
  { status, body, error }: Awaited<ReturnType<typeof post>>,
): WitnessAnswer {
  switch (status) {
    case 200:
      return cosigned(key, note, body ?? '');
    case 409: {
      const [, size] = /^(0|[1-9][0-9]{0,14})\n?$/.exec(body ?? '') ?? [];
      if (size === undefined) return { kind: 'failed', why: 'answered 409 without a size' };
      return { kind: 'elsewhere', size: Number(size) };
    }
    case 422:
      return { kind: 'contradicts' };
    case 404:
      return {
        kind: 'failed',
        why: "does not know this ledger: give its operator the ledger's verifier key",
      };
    case 403:
      return {
        kind: 'failed',
        why: "does not trust the key that signs: give its operator the ledger's verifier key",
      };
    default:
      return { kind: 'failed', why: error ?? `answered ${status}` };
  }
}

/** Finds the witness's cosignature in an answer. Lines of other keys are ignored. */
function cosigned(key: CosignerKey, note: string, lines: string): WitnessAnswer {
  const text = note.slice(0, note.indexOf('\n\n') + 2);
  const found = cosignatureBy(key, `${text}${lines}`);
  if (found === undefined)
    return { kind: 'failed', why: 'answered without a cosignature by its key' };
  if ('fault' in found) return { kind: 'failed', why: 'answered with a wrong cosignature' };
  return { kind: 'cosigned', cosignature: found };
}
