import { randomBytes } from 'node:crypto';

import type Database from 'better-sqlite3';

import {
  isLastAdmin,
  type ApiKey,
  type ApiKeys,
  type HashedKey,
  type Revocation,
} from '../keys/api-keys';
import { KEY_COLUMNS, readKeyRow, valuesOf, type KeyRow } from '../keys/key-row';

const PEPPER = 'api key pepper';
const PEPPER_BYTES = 32;

/** API keys in `keys.db`. Another process, such as the command `keys`, may change them at any time. */
export class SqliteApiKeys implements ApiKeys {
  constructor(private readonly db: Database.Database) {}

  pepper(): Promise<Buffer> {
    const read = this.db.transaction(() => this.pepperOf());
    return attempt(() => read.immediate());
  }

  list(): Promise<readonly ApiKey[]> {
    return attempt(() => this.read());
  }

  all(): Promise<readonly HashedKey[]> {
    return attempt(() => this.rows());
  }

  find(hash: Buffer): Promise<HashedKey | undefined> {
    return attempt(() => {
      const row = this.db
        .prepare<[Buffer], KeyRow>(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE hash = ?`)
        .get(hash);
      return row === undefined ? undefined : readKeyRow(row);
    });
  }

  add(key: HashedKey): Promise<void> {
    return attempt(() => this.insert(key));
  }

  begin(make: (pepper: Buffer) => readonly HashedKey[]): Promise<boolean> {
    const begin = this.db.transaction(() => {
      if (this.read().length > 0) return false;
      for (const key of make(this.pepperOf())) this.insert(key);
      return true;
    });
    return attempt(() => begin.immediate());
  }

  adopt(pepper: Buffer, keys: readonly HashedKey[]): Promise<boolean> {
    const adopt = this.db.transaction(() => {
      const { changes } = this.db
        .prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)')
        .run(PEPPER, pepper);
      if (changes === 0) return false;
      for (const key of keys) this.insert(key);
      return true;
    });
    return attempt(() => adopt.immediate());
  }

  revoke(id: string, now: number): Promise<Revocation> {
    const revoke = this.db.transaction((): Revocation => {
      const keys = this.read();
      if (!keys.some((key) => key.id === id)) return 'unknown';
      if (isLastAdmin(keys, id, now)) return 'last_admin';
      this.db
        .prepare('UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
        .run(now, id);
      return 'revoked';
    });
    return attempt(() => revoke.immediate());
  }

  revocations(): Promise<number> {
    const text = 'SELECT count(*) AS count FROM api_keys WHERE revoked_at IS NOT NULL';
    return attempt(() => this.db.prepare<[], { count: number }>(text).get()!.count);
  }

  used(days: ReadonlyMap<string, string>): Promise<void> {
    const note = this.db.prepare(
      'UPDATE api_keys SET last_used_on = ? WHERE id = ? AND coalesce(last_used_on, ?) < ?',
    );
    const all = this.db.transaction(() => {
      for (const [id, day] of days) note.run(day, id, '', day);
    });
    return attempt(() => void all.immediate());
  }

  private pepperOf(): Buffer {
    const known = this.db
      .prepare<[string], { value: Buffer }>('SELECT value FROM secrets WHERE name = ?')
      .get(PEPPER);
    if (known !== undefined) return known.value;
    const made = randomBytes(PEPPER_BYTES);
    this.db.prepare('INSERT INTO secrets (name, value) VALUES (?, ?)').run(PEPPER, made);
    return made;
  }

  private insert(key: HashedKey): void {
    const values = valuesOf(key);
    const places = values.map(() => '?').join(', ');
    this.db.prepare(`INSERT INTO api_keys (${KEY_COLUMNS}) VALUES (${places})`).run(...values);
  }

  private read(): ApiKey[] {
    return this.rows().map(({ key }) => key);
  }

  private rows(): HashedKey[] {
    return this.db
      .prepare<[], KeyRow>(`SELECT ${KEY_COLUMNS} FROM api_keys ORDER BY created_at, id`)
      .all()
      .map(readKeyRow);
  }
}

/** Turns an error of the file into a rejection, as if the keys were on a server. */
async function attempt<T>(work: () => T): Promise<T> {
  return Promise.resolve(work());
}
