import type { Database } from 'better-sqlite3';

import { StoreError } from '../errors';

/**
 * The schema of the ledger's file, one step per version (`PRAGMA user_version`). A released step never changes. Stream
 * ids are integers and an event has one narrow index: random text ids in wide indexes write many bytes per byte of
 * event. Triggers keep SQL from changing or removing an event.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE streams (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     revision INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE events (
     position INTEGER PRIMARY KEY,
     stream_id INTEGER NOT NULL REFERENCES streams (id),
     revision INTEGER NOT NULL,
     event_id BLOB NOT NULL,
     type TEXT NOT NULL,
     recorded_at INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX events_by_stream ON events (stream_id, revision);
   CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
     BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;
   CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
     BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;`,
];

/** Upgrades a file to the newest version. @throws StoreError `refused` if a newer program wrote it. */
export function migrate(db: Database): void {
  const version = checkVersion(db);
  db.transaction(() => {
    for (const step of STEPS.slice(version)) db.exec(step);
    db.pragma(`user_version = ${STEPS.length}`);
  }).immediate();
}

/** Returns a file's version. @throws StoreError `refused` if a newer program wrote it. */
export function checkVersion(db: Database): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > STEPS.length) {
    throw new StoreError(
      'refused',
      `The event store's file has version ${version}; this program knows ${STEPS.length}. A newer Minutebook wrote it: run that version or a later one.`,
    );
  }
  return version;
}

const CACHE_KB = 65_536;

/**
 * Sets WAL and `synchronous=FULL`. By default better-sqlite3 uses NORMAL, with which a power failure could lose
 * acknowledged events. The settings are read back, and the file is refused if they did not hold.
 */
export function makeDurable(db: Database, cacheKb = CACHE_KB): void {
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`cache_size = -${cacheKb}`);
  db.pragma('wal_autocheckpoint = 8000');
  const mode = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || synchronous !== 2) {
    throw new StoreError(
      'refused',
      `The event store's file could not be made durable (journal_mode ${String(mode)}, synchronous ${String(synchronous)}; needed: wal, 2). Put it on a local disk.`,
    );
  }
}
