import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Config } from '../config/config';
import type { EventStoreChoice } from '../config/event-store';
import { copyDatabase } from '../lib/copy-database';
import { syncFolder } from '../lib/sync-folder';
import { copyRootFolder } from '../proofs/signed-root/copy-root-folder';
import { addNewerPersonalKeys } from '../security/sqlite/newer-personal-keys';
import { copyLedger } from './stores';

/** What a backup contains. */
export interface BackedUp {
  /** The position of the last event; `null` if the events are on a server. */
  readonly position: number | null;
  /** Whether there are keys in it; not if they are in PostgreSQL. */
  readonly keys: boolean;
}

/**
 * Copies a ledger's files to a new folder, which a service can start on, while another service may write to them. The
 * folder gets its name once everything in it is on disk.
 *
 * A ledger cannot continue a root that is newer than itself, so keys and roots are copied before the events. Events
 * recorded meanwhile may name users who were new: their keys are added afterwards.
 * @param folder must not exist.
 * @throws StoreError `refused` if there is no ledger; Error if there are no keys.
 */
export async function backUp(
  { dataDir, eventStore, readModel }: Pick<Config, 'dataDir' | 'eventStore' | 'readModel'>,
  folder: string,
): Promise<BackedUp> {
  const unfinished = `${folder}.unfinished`;
  // What an interrupted run left behind.
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  try {
    const files = readModel.kind === 'sqlite' ? dataDir : undefined;
    const backedUp = await copyAll(files, eventStore, unfinished);
    await rename(unfinished, folder);
    await syncFolder(dirname(folder));
    return backedUp;
  } catch (error) {
    // It may hold keys.
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** @param dataDir where keys and roots are; `undefined` if they are in PostgreSQL. */
async function copyAll(
  dataDir: string | undefined,
  eventStore: EventStoreChoice,
  folder: string,
): Promise<BackedUp> {
  const keys = dataDir === undefined ? undefined : keysIn(dataDir);
  const to = join(folder, 'keys.db');
  if (dataDir !== undefined) {
    await copyRootFolder(join(dataDir, 'checkpoints'), join(folder, 'checkpoints'));
  }
  if (keys !== undefined) copyDatabase(keys, to);
  const position = copyLedger(eventStore, join(folder, 'events.db'));
  if (keys !== undefined) addNewerPersonalKeys(keys, to);
  await syncFolder(folder);
  return { position, keys: keys !== undefined };
}

/** @throws Error if there are none: a service makes them at its start, so this is not the folder of one. */
function keysIn(dataDir: string): string {
  const keys = join(dataDir, 'keys.db');
  if (existsSync(keys)) return keys;
  throw new Error(
    `There is no keys.db in ${dataDir}, so nothing was backed up. Is DATA_DIR right? If the keys were lost, start the service once: it makes new ones.`,
  );
}
