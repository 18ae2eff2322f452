import { existsSync } from 'node:fs';

import { adoptKept } from './adopt-kept';
import { PostgresRootArchive } from '../proofs/signed-root/postgres-root-archive';
import { RootFolder } from '../proofs/signed-root/root-archive';
import { KEPT_MIGRATIONS, KEPT_SCHEMA } from '../postgres/kept-schema';
import { PROJECTION_LOCK } from '../postgres/locks';
import { migrateSchema } from '../postgres/migrate';
import { PostgresKeptTables } from '../postgres/postgres-kept-tables';
import { openPool } from '../postgres/pool';
import { query } from '../postgres/statements';
import { adoptPersonalKeys } from '../personal/adopt-personal-keys';
import { PostgresApiKeys } from '../security/postgres/postgres-api-keys';
import { PostgresSignedHead } from '../security/postgres/postgres-signed-head';
import { PostgresSigningKeys } from '../security/postgres/postgres-signing-keys';
import { openKeyFile } from '../security/sqlite/open-key-file';
import type { OpenRoots, Vault } from './vault';

/** Few, as keys and roots are read only now and then. */
const CONNECTIONS = 2;
/** How long looking up an API key may take, in milliseconds: a request waits for it. */
const KEY_MS = 2_000;

/**
 * Opens the keys and signed roots that instances share, and makes their schema if it does not exist. If it has no key
 * yet and there are files from before the ledger moved to PostgreSQL, copies them: what those keys signed stays valid.
 * @param ledgerId the ledger to which they must belong; `undefined` if there may be no ledger yet.
 * @throws PostgresUnavailableError if PostgreSQL cannot be reached; Error if an instance of an older version runs, and
 * could not start again on this version's schema.
 */
export async function openPostgresVault(
  connectionString: string,
  files: { readonly keys: string; readonly roots: string },
  ledgerId: string | undefined,
): Promise<Vault> {
  await migrateSchema(connectionString, KEPT_SCHEMA, KEPT_MIGRATIONS, PROJECTION_LOCK);
  // No report: the next query gets an error if a connection is gone.
  const connections = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS);
  const quick = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS, {
    statement_timeout: KEY_MS,
    connectionTimeoutMillis: KEY_MS,
  });
  const close = async () => {
    await connections.end();
    await quick.end();
  };
  const signingKeys = new PostgresSigningKeys(connections);
  const apiKeys = new PostgresApiKeys(quick);
  const roots = new PostgresRootArchive(connections);
  const kept = new PostgresSignedHead(connections);
  const tables = new PostgresKeptTables(connections);
  try {
    if (existsSync(files.keys)) {
      await adopt({ signingKeys, apiKeys, roots, kept, tables }, files, ledgerId);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    signingKeys,
    apiKeys,
    tables,
    roots,
    heads: kept,
    owner: kept,
    place: `The schema ${KEPT_SCHEMA} of the PostgreSQL database in READ_MODEL_URL`,
    close,
  };
}

/**
 * Opens the signed roots and the signed head read-only.
 * @throws Error if there are none; PostgresUnavailableError.
 */
export async function openPostgresRoots(connectionString: string): Promise<OpenRoots> {
  const connections = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS);
  try {
    const { rows } = await query(connections, (connection) =>
      connection.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
        `${KEPT_SCHEMA}.signed_roots`,
      ]),
    );
    if (!rows[0]!.there) {
      throw new Error(
        'There are no signed roots in this PostgreSQL. A service that serves the ledger makes them.',
      );
    }
  } catch (error) {
    await connections.end();
    throw error;
  }
  return {
    roots: new PostgresRootArchive(connections),
    signedHead: () => new PostgresSignedHead(connections).signedHead(),
    close: () => connections.end(),
  };
}

async function adopt(
  vault: {
    readonly signingKeys: PostgresSigningKeys;
    readonly apiKeys: PostgresApiKeys;
    readonly roots: PostgresRootArchive;
    readonly kept: PostgresSignedHead;
    readonly tables: PostgresKeptTables;
  },
  files: { readonly keys: string; readonly roots: string },
  ledgerId: string | undefined,
): Promise<void> {
  const file = await openKeyFile(files.keys);
  try {
    // Another ledger's file, such as that of a trial in the same folder, must never get into these tables.
    const owner = await vault.kept.ledgerId();
    const owners = new Set([file.ledgerId(), ledgerId, owner]);
    owners.delete(undefined);
    if (owners.size > 1) return;
    const apiKeys = await file.apiKeys.all();
    if (apiKeys.length > 0) await vault.apiKeys.adopt(await file.apiKeys.pepper(), apiKeys);
    await adoptKept(file.tables, vault.tables);
    await adoptPersonalKeys(file.tables, vault.tables);
    const keys = await file.known();
    if (keys.length === 0 || (await vault.signingKeys.known()).length > 0) return;
    await vault.roots.adopt(new RootFolder(files.roots));
    const head = await file.signedHead();
    if (head !== undefined) await vault.kept.moveSignedHead(undefined, head);
    // Last: they say that everything is copied. If this is interrupted, the next start copies it again.
    await vault.signingKeys.adopt(keys);
  } finally {
    await file.close();
  }
}
