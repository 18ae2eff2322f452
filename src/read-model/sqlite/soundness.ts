import { statSync } from 'node:fs';

import type { Database } from 'better-sqlite3';

import { readHashes, TILE_WIDTH } from '../../domain/merkle-tiles';
import { isDamage } from '../../event-store/sqlite-code';
import { connect } from './connect';
import { removeFile } from './place';
import { counted } from '../../lib/counted';

/** A read model's file cannot be trusted. */
export class DamagedReadModelError extends Error {
  constructor(path: string, why: string, cure: string) {
    super(`The read model ${path} is damaged: ${why}. ${cure}`);
    this.name = 'DamagedReadModelError';
    // The program is not at fault, so a stack trace would not help.
    this.stack = this.message;
  }
}

const CURE =
  'Delete it (never events.db or keys.db) and start the service: it is filled again from the ledger.';

/**
 * Checks a read model's file before anybody answers from it: its pages, and whether its checkpoint matches its rows. A
 * damaged file is removed, to be filled again from the ledger. Reads the whole file; nobody else may have it open.
 * @returns why it was removed; `undefined` if it is sound.
 */
export function removeIfDamaged(path: string): DamagedReadModelError | undefined {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  const why = damageOf(path);
  if (why === undefined) return undefined;
  removeFile(path);
  return new DamagedReadModelError(
    path,
    why,
    'It was removed, and is filled again from the ledger.',
  );
}

/** Returns the error to show to a person if a file is damaged; any other error unchanged. */
export function nameDamage(path: string, error: unknown): unknown {
  return isDamage(error) ? new DamagedReadModelError(path, (error as Error).message, CURE) : error;
}

function damageOf(path: string): string | undefined {
  let db: Database | undefined;
  try {
    db = connect(path);
    const [first] = db.pragma('quick_check(1)') as { quick_check: string }[];
    const found = first?.quick_check ?? 'its pages cannot be checked';
    // SQLite names the database on a line of its own, but our log has one line for each message.
    if (found !== 'ok') return found.replace(/\s*\n\s*/g, ' ');
    return isOfUs(db) ? doubtOf(db) : undefined;
  } catch (error) {
    if (isDamage(error)) return (error as Error).message;
    throw error;
  } finally {
    close(db);
  }
}

/** Closing the last connection writes the log into the file, which may fail again. */
function close(db: Database | undefined): void {
  try {
    db?.close();
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

/**
 * Returns whether the tables are ours. Tables of another version are not damage: whoever opens the file updates or
 * refuses them.
 */
function isOfUs(db: Database): boolean {
  const names = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .pluck()
    .all() as string[];
  return ['checkpoints', 'merkle_tiles'].every((name) => names.includes(name));
}

/**
 * Returns what is wrong if the Merkle log does not have exactly the leaves that the checkpoint counts. Both are written
 * in one transaction.
 */
function doubtOf(db: Database): string | undefined {
  const checkpoints = db
    .prepare<[], { position: number; size: number }>('SELECT position, size FROM checkpoints')
    .all();
  const tile = db
    .prepare<[], { number: number; hashes: string; after_position: number }>(
      'SELECT number, hashes, after_position FROM merkle_tiles WHERE level = 0 ORDER BY number DESC LIMIT 1',
    )
    .get();
  const leaves = tile === undefined ? 0 : tile.number * TILE_WIDTH + readHashes(tile.hashes).length;
  if (checkpoints.length === 0) return 'it has no checkpoint';
  for (const { position, size } of checkpoints) {
    if (size !== leaves)
      return `its checkpoint counts ${counted(size, 'event')}, but its rows come from ${leaves}`;
    if (position <= (tile?.after_position ?? -1)) {
      return `its checkpoint is at position ${position}, but its rows go further`;
    }
  }
  return undefined;
}
