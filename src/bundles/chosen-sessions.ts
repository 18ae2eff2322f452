import { sql, type Kysely } from 'kysely';

interface ChosenTables {
  chosen: { readonly session_id: string };
}

/** The sessions whose facts a bundle holds. There may be many, so they are in a temporary database. */
export class ChosenSessions {
  private constructor(private readonly db: Kysely<ChosenTables>) {}

  /** @param open makes an empty SQLite database, which closes with this object. */
  static async make(open: <T>() => Kysely<T>): Promise<ChosenSessions> {
    const db = open<ChosenTables>();
    await sql`create table chosen (session_id text primary key) without rowid`.execute(db);
    return new ChosenSessions(db);
  }

  async add(sessionIds: ReadonlySet<string>): Promise<void> {
    if (sessionIds.size === 0) return;
    const all = JSON.stringify([...sessionIds]);
    await sql`insert or ignore into chosen select value from json_each(${all})`.execute(this.db);
  }

  /** Returns those of a page's sessions that are chosen. */
  async among(sessionIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    if (sessionIds.size === 0) return sessionIds;
    const all = JSON.stringify([...sessionIds]);
    const { rows } = await sql<{ session_id: string }>`
      select session_id from json_each(${all}) join chosen on session_id = value`.execute(this.db);
    return new Set(rows.map((row) => row.session_id));
  }

  close(): Promise<void> {
    return this.db.destroy();
  }
}
