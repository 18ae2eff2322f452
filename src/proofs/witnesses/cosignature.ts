import { verify } from 'node:crypto';

import type { CosignerKey } from '../../lib/cosigner-key';

/** A witness's cosignature of a checkpoint. */
export interface Cosignature {
  readonly witness: string;
  /** When it was made, in milliseconds since 1970, by the witness's own clock. */
  readonly at: number;
  /** The line of the note, without its line feed. */
  readonly line: string;
}

const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** The last second that a JavaScript date can hold. */
const LAST_SECOND = 8_640_000_000_000n;

/**
 * Finds a witness's cosignature (c2sp.org/tlog-cosignature, Ed25519) among the signature lines of a note.
 * @returns `undefined` if there is none by this key; a fault if there is one that is wrong.
 */
export function cosignatureBy(
  key: CosignerKey,
  note: string,
): Cosignature | { readonly fault: string } | undefined {
  const end = note.indexOf('\n\n') + 1;
  if (end === 0) return undefined;
  for (const line of note.slice(end + 1).split('\n')) {
    const [, name, base64] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const bytes = Buffer.from(base64 ?? '', 'base64');
    if (name !== key.name || !bytes.subarray(0, KEY_ID_BYTES).equals(key.id)) continue;
    // Checkers accept only the one proper spelling of base64.
    const isExact = bytes.toString('base64') === base64;
    const seconds = isExact
      ? signedAt(key, note.slice(0, end), bytes.subarray(KEY_ID_BYTES))
      : undefined;
    if (seconds === undefined) return { fault: `The cosignature of ${name} is wrong.` };
    return { witness: name, at: Number(seconds) * 1_000, line };
  }
  return undefined;
}

/** Returns the time of a cosignature, in seconds since 1970; `undefined` if the cosignature is wrong. */
function signedAt({ key }: CosignerKey, text: string, stamped: Buffer): bigint | undefined {
  if (stamped.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const seconds = stamped.readBigUInt64BE(0);
  // Without a time, a cosignature does not say which tree was the largest.
  if (seconds === 0n || seconds > LAST_SECOND) return undefined;
  const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  return verify(null, message, key, stamped.subarray(TIME_BYTES)) ? seconds : undefined;
}
