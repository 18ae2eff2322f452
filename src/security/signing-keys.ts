import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An Ed25519 key that signs the ledger's roots, or did. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Where the ledger's signing keys lie. The newest one signs; older ones stay, so that what they signed can be checked. */
export interface SigningKeys {
  /** Newest first; a ledger that has none gets its first one. */
  all(now: number): Promise<readonly [SigningKey, ...SigningKey[]]>;
  /** Makes a new key, which signs from now on. */
  rotate(now: number): Promise<SigningKey>;
}

/** A fresh key. */
export function makeSigningKey(now: number): SigningKey {
  return { privateKey: generateKeyPairSync('ed25519').privateKey, createdAt: now };
}

/** PKCS #8 in PEM. */
export function writeSigningKey({ privateKey }: SigningKey): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

export function readSigningKey(pem: string, createdAt: number): SigningKey {
  return { privateKey: createPrivateKey(pem), createdAt };
}
