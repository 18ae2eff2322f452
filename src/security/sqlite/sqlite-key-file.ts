import { chmodSync, closeSync, openSync } from 'node:fs';

import type Database from 'better-sqlite3';

import type { KeptOwner, SignedHead, SignedHeads } from '../signed-head';
import {
  makeSigningKey,
  readSigningKey,
  writeSigningKey,
  type SigningKey,
  type SigningKeys,
} from '../signing-keys';
import { SqliteKeptTables } from '../../kept/sqlite-kept-tables';
import { SqliteApiKeys } from './sqlite-api-keys';
import { SqliteDatabase } from '../../lib/sqlite';

const STEPS: readonly string[] = [
  `CREATE TABLE signing_keys (
     id INTEGER PRIMARY KEY,
     private_key TEXT NOT NULL,
     created_at INTEGER NOT NULL
   ) STRICT;`,
  `CREATE TABLE signed_head (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     size INTEGER NOT NULL,
     root TEXT NOT NULL
   ) STRICT;
   CREATE TABLE owner (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     ledger_id TEXT NOT NULL
   ) STRICT;`,
  `CREATE TABLE secrets (
     name TEXT PRIMARY KEY,
     value BLOB NOT NULL
   ) STRICT;
   CREATE TABLE api_keys (
     id TEXT PRIMARY KEY,
     hash BLOB NOT NULL UNIQUE,
     role TEXT NOT NULL,
     name TEXT NOT NULL,
     source TEXT,
     user_id TEXT,
     expires_at INTEGER,
     created_at INTEGER NOT NULL,
     last_used_on TEXT,
     revoked_at INTEGER
   ) STRICT;
   CREATE INDEX api_keys_revoked ON api_keys (id) WHERE revoked_at IS NOT NULL;`,
];

interface KeyRow {
  readonly private_key: string;
  readonly created_at: number;
}

/**
 * `keys.db`: the ledger's secrets, which the service never sends anywhere, and the kept tables. Only the file's owner
 * can read it.
 */
export class SqliteKeyFile implements SigningKeys, SignedHeads, KeptOwner {
  readonly apiKeys: SqliteApiKeys;
  readonly tables: SqliteKeptTables;

  private constructor(private readonly db: Database.Database) {
    this.apiKeys = new SqliteApiKeys(db);
    this.tables = SqliteKeptTables.in(db);
  }

  /** Opens the file, and makes it if it does not exist. @throws Error if a newer program wrote it. */
  static open(path: string): SqliteKeyFile {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    const db = new SqliteDatabase(path);
    try {
      db.pragma('busy_timeout = 5000');
      db.pragma('journal_mode = DELETE');
      // The removal of the journal is the commit. With FULL, SQLite does not sync the folder after it: a power loss could
      // bring the journal back and with it undo the last commit, and a key that was revoked would be valid again.
      db.pragma('synchronous = EXTRA');
      // A destroyed key leaves no traces in the file.
      db.pragma('secure_delete = ON');
      db.transaction(() => {
        const version = db.pragma('user_version', { simple: true }) as number;
        if (version > STEPS.length) {
          throw new Error(
            `${path} was written by a newer Minutebook. Run that version, or a newer one.`,
          );
        }
        for (const step of STEPS.slice(version)) db.exec(step);
        db.pragma(`user_version = ${STEPS.length}`);
      }).immediate();
      return new SqliteKeyFile(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  all(now: number): Promise<readonly [SigningKey, ...SigningKey[]]> {
    const keys = this.db.transaction((): readonly [SigningKey, ...SigningKey[]] => {
      const [newest, ...older] = this.read();
      return newest === undefined ? [this.make(now)] : [newest, ...older];
    });
    return Promise.resolve(keys.immediate());
  }

  /** Returns the existing signing keys, newest first; makes none. */
  known(): Promise<readonly SigningKey[]> {
    return Promise.resolve(this.read());
  }

  rotate(now: number): Promise<SigningKey> {
    return Promise.resolve(this.make(now));
  }

  signedHead(): Promise<SignedHead | undefined> {
    return Promise.resolve(this.readHead());
  }

  moveSignedHead(before: SignedHead | undefined, next: SignedHead): Promise<boolean> {
    const move = this.db.transaction(() => {
      const now = this.readHead();
      if (now?.size !== before?.size || now?.root !== before?.root) return false;
      this.db
        .prepare('INSERT OR REPLACE INTO signed_head (one, size, root) VALUES (1, ?, ?)')
        .run(next.size, next.root);
      return true;
    });
    return Promise.resolve(move.immediate());
  }

  claim(ledgerId: string): Promise<string> {
    this.db.prepare('INSERT OR IGNORE INTO owner (one, ledger_id) VALUES (1, ?)').run(ledgerId);
    return Promise.resolve(this.ledgerId()!);
  }

  /** Returns the id of the ledger that has claimed the file; `undefined` if none has. */
  ledgerId(): string | undefined {
    return this.db.prepare<[], string>('SELECT ledger_id FROM owner').pluck().get();
  }

  close(): Promise<void> {
    this.db.close();
    return Promise.resolve();
  }

  private readHead(): SignedHead | undefined {
    return this.db.prepare<[], SignedHead>('SELECT size, root FROM signed_head').get();
  }

  private make(now: number): SigningKey {
    const key = makeSigningKey(now);
    this.db
      .prepare('INSERT INTO signing_keys (private_key, created_at) VALUES (?, ?)')
      .run(writeSigningKey(key), now);
    return key;
  }

  private read(): SigningKey[] {
    return this.db
      .prepare<[], KeyRow>('SELECT private_key, created_at FROM signing_keys ORDER BY id DESC')
      .all()
      .map((row) => readSigningKey(row.private_key, row.created_at));
  }
}
