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
import type { SqliteKeyFile } from '../security/sqlite/sqlite-key-file';
import { writeSigningKey, type SigningKey } from '../security/signing-keys';
import type { FindLedger, OpenRoots, Vault } from './vault';

/** Few, as keys and roots are read only now and then. */
const CONNECTIONS = 2;
/** How long looking up an API key may take, in milliseconds: a request waits for it. */
const KEY_MS = 2_000;

/**
 * Opens the keys and signed roots that instances share, and makes their schema if it does not exist. If it has no key
 * yet and there are files from before the ledger moved to PostgreSQL, copies them: what those keys signed stays valid.
 * @param findLedger finds the ledger to which the files must belong, if it must be known.
 * @throws PostgresUnavailableError if PostgreSQL cannot be reached; Error if an instance of an older version runs, and
 * could not start again on this version's schema.
 */
export async function openPostgresVault(
  connectionString: string,
  files: { readonly keys: string; readonly roots: string },
  findLedger: FindLedger,
): Promise<Vault> {
  await migrateSchema(connectionString, KEPT_SCHEMA, KEPT_MIGRATIONS, PROJECTION_LOCK);
  // No report: the next query gets an error if a connection is gone.
  const connections = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS);
  const timeouts = { statement_timeout: KEY_MS, connectionTimeoutMillis: KEY_MS };
  const quick = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS, timeouts);
  const checks = openPool(connectionString, KEPT_SCHEMA, () => undefined, 1, timeouts);
  const close = async () => {
    await connections.end();
    await quick.end();
    await checks.end();
  };
  const signingKeys = new PostgresSigningKeys(connections);
  const apiKeys = new PostgresApiKeys(quick, checks);
  const roots = new PostgresRootArchive(connections);
  const kept = new PostgresSignedHead(connections);
  const tables = new PostgresKeptTables(connections);
  try {
    if (existsSync(files.keys)) {
      await adopt({ signingKeys, apiKeys, roots, kept, tables }, files, findLedger);
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

interface KeptHere {
  readonly signingKeys: PostgresSigningKeys;
  readonly apiKeys: PostgresApiKeys;
  readonly roots: PostgresRootArchive;
  readonly kept: PostgresSignedHead;
  readonly tables: PostgresKeptTables;
}

async function adopt(
  vault: KeptHere,
  files: { readonly keys: string; readonly roots: string },
  findLedger: FindLedger,
): Promise<void> {
  const file = await openKeyFile(files.keys);
  try {
    if (!(await isOwn(file, vault.kept, findLedger))) return;
    const keys = await file.known();
    const head = await file.signedHead();
    let there = await vault.signingKeys.known();
    if (keys.length === 0 || there.length > 0) await adoptTables(file, vault);
    else {
      // The keys come last: they say that everything is copied. If this is interrupted, the next start copies it again.
      there = await vault.signingKeys.adopt(keys, async () => {
        await adoptTables(file, vault);
        await vault.roots.adopt(new RootFolder(files.roots));
        if (head !== undefined) await vault.kept.moveSignedHead(undefined, head);
      });
    }
    if (keys.length > 0 && head !== undefined) checkAdopted(keys, there, files.keys);
  } finally {
    await file.close();
  }
}

/** Copies each kind of row of which there is none yet. */
async function adoptTables(file: SqliteKeyFile, vault: KeptHere): Promise<void> {
  const apiKeys = await file.apiKeys.all();
  if (apiKeys.length > 0) await vault.apiKeys.adopt(await file.apiKeys.pepper(), apiKeys);
  await adoptKept(file.tables, vault.tables);
  await adoptPersonalKeys(file.tables, vault.tables);
}

/**
 * @throws Error if keys that have signed are not here, but others are: an instance without the file has made a new one.
 * The ledger would go on as if the file were lost.
 */
function checkAdopted(
  keys: readonly SigningKey[],
  there: readonly SigningKey[],
  path: string,
): void {
  const known = new Set(there.map(writeSigningKey));
  if (keys.some((key) => known.has(writeSigningKey(key)))) return;
  throw new Error(
    `The keys in ${path} have signed for this ledger, but another instance made a new signing key in PostgreSQL before they were copied. Stop all instances, run DELETE FROM ${KEPT_SCHEMA}.signing_keys, and start this instance first. If the new key is right, move keys.db out of DATA_DIR instead.`,
  );
}

/**
 * Returns whether a file belongs to the ledger. Another ledger's, such as that of a trial in the same folder, must never
 * get into these tables. As long as there is no ledger, this holds for every file that a ledger has claimed.
 */
async function isOwn(
  file: SqliteKeyFile,
  kept: PostgresSignedHead,
  findLedger: FindLedger,
): Promise<boolean> {
  const owners = [file.ledgerId(), await kept.ledgerId()];
  // Once both are claimed, or as long as neither is, keys can be managed while the event store can't be reached.
  if (owners[0] === owners[1]) return true;
  const ledger = await findLedger();
  return owners.every((owner) => owner === undefined || owner === ledger);
}
