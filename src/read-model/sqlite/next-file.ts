import { existsSync } from 'node:fs';

import type { Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { isDamage } from '../../event-store/sqlite-code';
import { checkReadModelVersion, migrateReadModel } from '../migrations';
import type { NextReadModel } from '../rebuildable';
import type { RowStore } from '../rows';
import { connect, SMALL_CACHE_KB } from './connect';
import { explainWrite } from './explain-write';
import { declareReady, nextOf, removeFile, takePlace } from './place';
import { SqliteRowStore } from './sqlite-row-store';

/** The read model in the place that a next file is to take. */
export interface Occupant {
  /** Runs work while nothing is committed to it. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Has another file put in its place, and continues with that file. */
  exchange(putInPlace: () => void): Promise<void>;
}

/** The occupant of a place where nobody has anything open. */
export const NOBODY: Occupant = {
  alone: (work) => work(),
  exchange: (putInPlace) => Promise.resolve(putInPlace()),
};

/** The next read model, in a file beside the live one. */
export class NextFile implements NextReadModel {
  /** Opens the next file. Continues with an existing one if this version of the program made it. */
  static async open(path: string, occupant: Occupant): Promise<NextFile> {
    const file = nextOf(path);
    try {
      const there = existsSync(file) ? await openThere(file) : undefined;
      return new NextFile(path, occupant, there ?? (await make(file)));
    } catch (error) {
      const why = explainWrite(file, error);
      throw why === undefined ? error : new Error(why, { cause: error });
    }
  }

  private constructor(
    private readonly path: string,
    private readonly occupant: Occupant,
    private opened: Opened,
  ) {}

  get file(): string {
    return nextOf(this.path);
  }

  get rows(): RowStore {
    return this.opened.rows;
  }

  promote(catchUp: () => Promise<void>): Promise<void> {
    return this.occupant.alone(async () => {
      await catchUp();
      const [{ busy }] = this.opened.db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
      if (busy !== 0) throw new Error(`Another program has ${nextOf(this.path)} open: stop it.`);
      await this.close();
      await this.occupant.exchange(() => {
        declareReady(this.path);
        takePlace(this.path);
      });
    });
  }

  async startAgain(): Promise<void> {
    await this.close();
    removeFile(nextOf(this.path));
    this.opened = await make(nextOf(this.path));
  }

  explain(error: unknown): string | undefined {
    return explainWrite(nextOf(this.path), error);
  }

  isDamage(error: unknown): boolean {
    return isDamage(error);
  }

  close(): Promise<void> {
    this.opened.db.close();
    return Promise.resolve();
  }
}

interface Opened {
  readonly db: Database;
  readonly rows: SqliteRowStore;
}

async function openThere(file: string): Promise<Opened | undefined> {
  let db: Database | undefined;
  try {
    db = connect(file, SMALL_CACHE_KB);
    await checkReadModelVersion(queriesOf(db));
    return { db, rows: new SqliteRowStore(db) };
  } catch (error) {
    db?.close();
    if (explainWrite(file, error) !== undefined) throw error;
    // Another version made it, it was left incomplete, or it is damaged: it is made again.
    removeFile(file);
    return undefined;
  }
}

async function make(file: string): Promise<Opened> {
  const db = connect(file, SMALL_CACHE_KB);
  try {
    await migrateReadModel(queriesOf(db), file);
    return { db, rows: new SqliteRowStore(db) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function queriesOf(database: Database): Kysely<unknown> {
  return new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
}
