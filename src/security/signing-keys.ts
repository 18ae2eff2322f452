import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An Ed25519 key that signs the ledger's roots, or once did. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * The store of the ledger's signing keys. The newest one signs; older ones stay so that their signatures can be
 * checked.
 */
export interface SigningKeys {
  /** Returns all keys, newest first. If there are none, makes the first one. */
  all(now: number): Promise<readonly [SigningKey, ...SigningKey[]]>;
  /** Makes a new key, which signs from now on. */
  rotate(now: number): Promise<SigningKey>;
}

/** Makes a new key. */
export function makeSigningKey(now: number): SigningKey {
  return { privateKey: generateKeyPairSync('ed25519').privateKey, createdAt: now };
}

/** Returns the key as PKCS #8 in PEM. */
export function writeSigningKey({ privateKey }: SigningKey): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

export function readSigningKey(pem: string, createdAt: number): SigningKey {
  return { privateKey: createPrivateKey(pem), createdAt };
}
