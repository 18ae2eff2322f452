import { fromHex, joined, sha256, toHex, utf8, type Bytes } from './bytes';
import { t } from '../i18n/language';

/** Hashes 0x00 and the leaf's text, as RFC 6962, section 2.1, says. */
export const hashOfLeaf = (text: string): Promise<Bytes> => sha256(joined([0], utf8(text)));
const hashOfNode = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined([1], left, right));

/**
 * Computes the root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).
 * @param path the sibling hashes from the leaf up to the root, in lower-case hex.
 * @returns the root in lower-case hex.
 * @throws Error if the path does not fit the index and size.
 */
export async function rootFrom(
  leaf: Bytes,
  index: number,
  size: number,
  path: readonly string[],
): Promise<string> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new Error(t('The index is not in the tree.'));
  let hash = leaf;
  let place = index;
  let last = size - 1;
  for (const beside of path.map(fromHex)) {
    if (beside.length !== 32) throw new Error(t('A hash in the proof does not have 32 bytes.'));
    if (last === 0) throw new Error(t('The proof is too long.'));
    if (place % 2 === 1 || place === last) {
      hash = await hashOfNode(beside, hash);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await hashOfNode(hash, beside);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new Error(t('The proof is too short.'));
  return toHex(hash);
}
