import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/';

/**
 * What the checker takes of `node:crypto`, for a browser: the build puts it in its place. Web Crypto hashes only what is whole,
 * and later; the checker hashes line by line, and at once.
 */

interface Hash {
  update(data: string | Uint8Array): Hash;
  digest(): Buffer;
  digest(encoding: 'hex'): string;
}

/** SHA-256 alone is asked for. */
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

/** An Ed25519 key: in its DER form the last 32 bytes. */
export function createPublicKey({ key }: { readonly key: Uint8Array }): Uint8Array {
  return key.subarray(-KEY_BYTES);
}

/** Whether an Ed25519 signature is right, as RFC 8032 says. What is no signature or no key is not. */
export function verify(_: null, data: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, data, key, { zip215: false });
  } catch {
    return false;
  }
}
