import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { SigningKeys } from '../security/signing-keys';

/** What no rebuild drops: the keys, and the roots that they signed. */
export interface Vault {
  readonly signingKeys: SigningKeys;
  readonly roots: RootArchive;
  close(): Promise<void>;
}
