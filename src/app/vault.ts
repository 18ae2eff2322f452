import { originOf } from '../proofs/signed-root/ledger-signer';
import type { KeptTables } from '../kept/kept-tables';
import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { ApiKeys } from '../security/keys/api-keys';
import {
  ForeignKeysError,
  type KeptOwner,
  type SignedHead,
  type SignedHeads,
} from '../security/signed-head';
import type { SigningKeys } from '../security/signing-keys';

/** What no rebuild drops: all keys, the roots that they signed, webhooks and alerts. */
export interface Vault {
  readonly signingKeys: SigningKeys;
  readonly apiKeys: ApiKeys;
  readonly roots: RootArchive;
  /** Webhooks, alerts, deliveries, and the keys of personal values. */
  readonly tables: KeptTables;
  /** The longest history that these keys ever signed. */
  readonly heads: SignedHeads;
  readonly owner: KeptOwner;
  /** Where it is stored, for messages: without credentials. */
  readonly place: string;
  close(): Promise<void>;
}

/** Returns the id of the ledger that the event store holds; `undefined` if it holds none yet. */
export type FindLedger = () => Promise<string | undefined>;

/** Signed roots, open read-only. */
export interface OpenRoots {
  readonly roots: RootArchive;
  /** Returns the signed head that is stored with the keys; `undefined` if there is none. */
  signedHead(): Promise<SignedHead | undefined>;
  close(): Promise<void>;
}

/**
 * Ties a vault to a ledger, or checks that it is tied to this one.
 * @throws ForeignKeysError if it belongs to another ledger: two ledgers must never share keys, roots or leases.
 */
export async function claimVault(
  { owner, roots, place }: Pick<Vault, 'owner' | 'roots' | 'place'>,
  ledgerId: string,
): Promise<void> {
  // A vault from before owners were recorded has none. The first line of its roots then names the ledger.
  const origin = (await roots.newest())?.note.split('\n', 1)[0];
  const [, signedFor] = /^minutebook\/(.+)$/.exec(origin ?? '') ?? [];
  if (signedFor !== undefined && origin !== originOf(ledgerId)) {
    throw new ForeignKeysError(place, signedFor, ledgerId);
  }
  const found = await owner.claim(ledgerId);
  if (found !== ledgerId) throw new ForeignKeysError(place, found, ledgerId);
}
