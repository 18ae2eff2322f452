import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Config } from '../config/config';
import { fileOfEventStore } from '../config/event-store';
import { findLedgerIdIn } from '../ledger/open-ledger';
import { RootFolder } from '../proofs/signed-root/root-archive';
import { openKeyFile } from '../security/sqlite/open-key-file';
import { readSignedHead } from '../security/sqlite/read-signed-head';
import { makeFolderOf } from './make-folder';
import type * as PostgresVault from './postgres-vault';
import { openEventReader } from './stores';
import { claimVault, type FindLedger, type OpenRoots, type Vault } from './vault';

/** Loads the PostgreSQL code only if it is configured: each start and command would take longer with it. */
const load = createRequire(__filename);
const postgres = () => load('./postgres-vault') as typeof PostgresVault;

/**
 * Opens `keys.db` and `checkpoints/`, or their counterparts in PostgreSQL if the read model is there. Makes whatever
 * does not exist yet, and ties it all to the ledger.
 * @throws ForeignKeysError if they belong to another ledger.
 */
export async function openVault(config: Config, ledgerId: string): Promise<Vault> {
  const vault = await openUnclaimedVault(config, () => Promise.resolve(ledgerId));
  try {
    await claimVault(vault, ledgerId);
  } catch (error) {
    await vault.close();
    throw error;
  }
  return vault;
}

/**
 * Opens the API keys alone: they may be made before there is a ledger.
 * @throws as {@link openVault}, except ForeignKeysError; StoreError if the ledger must be looked for and can't be.
 */
export function openApiKeys(config: Config): Promise<Pick<Vault, 'apiKeys' | 'close'>> {
  return openUnclaimedVault(config, () => findLedgerId(config));
}

async function findLedgerId({ eventStore }: Config): Promise<string | undefined> {
  const file = fileOfEventStore(eventStore);
  if (file !== undefined && !existsSync(file)) return undefined;
  const store = await openEventReader({ eventStore });
  try {
    return await findLedgerIdIn(store);
  } finally {
    await store.close();
  }
}

async function openUnclaimedVault(
  { dataDir, readModel }: Config,
  findLedger: FindLedger,
): Promise<Vault> {
  const files = { keys: join(dataDir, 'keys.db'), roots: join(dataDir, 'checkpoints') };
  switch (readModel.kind) {
    case 'postgres':
      return postgres().openPostgresVault(readModel.connectionString, files, findLedger);
    case 'sqlite':
      return openVaultFiles(files);
  }
}

async function openVaultFiles(files: { readonly keys: string; readonly roots: string }) {
  makeFolderOf(files.keys);
  const keys = await openKeyFile(files.keys);
  return {
    signingKeys: keys,
    apiKeys: keys.apiKeys,
    tables: keys.tables,
    roots: new RootFolder(files.roots),
    heads: keys,
    owner: keys,
    place: files.keys,
    close: () => keys.close(),
  };
}

/** Opens the kept signed roots and the signed head read-only. */
export function openRoots({
  dataDir,
  readModel,
}: Pick<Config, 'dataDir' | 'readModel'>): Promise<OpenRoots> {
  switch (readModel.kind) {
    case 'postgres':
      return postgres().openPostgresRoots(readModel.connectionString);
    case 'sqlite': {
      return Promise.resolve({
        roots: new RootFolder(join(dataDir, 'checkpoints')),
        signedHead: () => Promise.resolve().then(() => readSignedHead(join(dataDir, 'keys.db'))),
        close: () => Promise.resolve(),
      });
    }
  }
}
