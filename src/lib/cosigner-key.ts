import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** The algorithm byte of timestamped Ed25519 cosignatures (c2sp.org/tlog-cosignature). */
const COSIGNATURE = 0x04;
/** The DER prefix of an Ed25519 public key (RFC 8410); its 32 bytes follow. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The public key of a witness, and the name and id by which its cosignatures name it. */
export interface CosignerKey {
  readonly name: string;
  /** Four bytes. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/**
 * Reads a witness's verifier key, `<name>+<key id in hex>+<base64 of the byte 04 and the key>`.
 * @throws Error with a sentence that says why it is not one.
 */
export function readCosignerKey(text: string): CosignerKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim());
  if (match === null) {
    throw new Error(
      `"${text.slice(0, 200)}" is not a verifier key of a witness: <name>+<8 hex digits>+<base64>.`,
    );
  }
  const [, name, id, base64] = match as unknown as [string, string, string, string];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 33 || bytes[0] !== COSIGNATURE) {
    throw new Error(
      `The key of ${name} is not a key for Ed25519 cosignatures (its first byte is not 04).`,
    );
  }
  const expected = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  if (expected.toString('hex') !== id) {
    throw new Error(
      `The key of ${name} has the id ${id}, but should have ${expected.toString('hex')}.`,
    );
  }
  const der = Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]);
  return { name, id: expected, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}
