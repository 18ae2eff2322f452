import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { ApiKeys } from '../security/keys/api-keys';
import type { SigningKeys } from '../security/signing-keys';

/** What no rebuild drops: the keys, and the roots that some of them signed. */
export interface Vault {
  readonly signingKeys: SigningKeys;
  readonly apiKeys: ApiKeys;
  readonly roots: RootArchive;
  close(): Promise<void>;
}
