import { resolve } from 'node:path';

import { backUp, type BackedUp } from '../app/back-up';
import type { Config } from '../config/config';
import { readConfigured } from './configured';
import { makeWayFor } from './make-way-for';
import { UsageError } from './usage-error';

export interface BackupOptions {
  /** The folder to make. */
  readonly out: string;
  readonly json: boolean;
}

const HOW_TO = 'docs/how-to/back-up-and-restore.md';

/** `backup`: copies a ledger's files, also while a service runs. Exit status 0 if the copy is complete and on disk. */
export async function runBackup({ out, json }: BackupOptions): Promise<void> {
  const config = readConfigured();
  checkHasFiles(config);
  const folder = resolve(out);
  makeWayFor('--out', folder);
  if (config.readModel.kind === 'postgres') {
    console.error(
      `The keys and signed roots are in PostgreSQL, so this copies only the events. Dump the schema minutebook before you run this (${HOW_TO}).`,
    );
  }
  const backedUp = await backUp(config, folder);
  if (json) console.log(JSON.stringify({ folder, ...backedUp }));
  else print(folder, backedUp);
}

/** @throws UsageError if nothing of the ledger is in a file. */
function checkHasFiles({ eventStore, readModel }: Config): void {
  if (eventStore.kind === 'sqlite' || readModel.kind === 'sqlite') return;
  throw new UsageError(
    `No part of this ledger is in files: dump PostgreSQL's schema minutebook, then back up the event store, with their own tools (${HOW_TO}).`,
  );
}

function print(folder: string, { position, keys }: BackedUp): void {
  const parts = [
    ...(position === null ? [] : [`the events up to position ${position}`]),
    ...(keys ? ['the keys', 'the signed roots'] : []),
  ];
  console.log(`Backed up in ${folder}: ${parts.join(', ')}.`);
  if (position === null) {
    console.log(
      `The events are on a server: back it up now, with its own tools (${HOW_TO}). Users who appear in between have no key in this backup.`,
    );
  }
}
