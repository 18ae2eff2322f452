import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/';

/**
 * Stands in for the parts of `node:crypto` that the checker uses; the build substitutes it. Web Crypto is no help: it
 * hashes only whole inputs, asynchronously, while the checker hashes line by line, synchronously.
 */

interface Hash {
  update(data: string | Uint8Array): Hash;
  digest(): Buffer;
  digest(encoding: 'hex'): string;
}

/** Supports SHA-256 only: the checker uses no other hash. */
export function createHash(_name: 'sha256'): Hash {
  const hash = sha256.create();
  const self = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
      return self as Hash;
    },
    digest(encoding?: 'hex') {
      const bytes = Buffer.from(hash.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    },
  };
  return self as Hash;
}

const KEY_BYTES = 32;

/** Returns the raw Ed25519 key: the last 32 bytes of its DER form. */
export function createPublicKey({ key }: { readonly key: Uint8Array }): Uint8Array {
  return key.subarray(-KEY_BYTES);
}

/** Whether an Ed25519 signature is valid by RFC 8032. A malformed signature or key is not. */
export function verify(_: null, data: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, data, key, { zip215: false });
  } catch {
    return false;
  }
}
