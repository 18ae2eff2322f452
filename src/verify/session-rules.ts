import { sql, type Kysely } from 'kysely';

import { factKey, OUTCOMES, type Fact } from '../domain/events/facts';

/** What an event says about a session: a fact, or that finance voided the session. */
export type Told =
  | { readonly index: number; readonly sessionId: string; readonly fact: Fact }
  | { readonly index: number; readonly sessionId: string; readonly fact: undefined };

/** A stored event that breaks a rule, and a sentence that says which. */
export interface Broken {
  readonly index: number;
  readonly detail: string;
}

interface RuleTables {
  sessions: { session_id: string; user_id: string | null };
  facts: { session_id: string; fact_key: string };
  settled: { session_id: string; attempt: number };
}

/** What is known about the sessions of one page. */
interface Known {
  readonly users: Map<string, string | null>;
  readonly facts: Set<string>;
  readonly settled: Set<string>;
}

/**
 * Checks the stored events against the rules of ingestion: no fact occurs twice, and between two voids a session has
 * one user and an attempt one outcome. What it must remember of earlier pages is in a temporary database, so memory
 * does not grow with the ledger.
 */
export class SessionRules {
  private constructor(private readonly db: Kysely<RuleTables>) {}

  /** @param open makes an empty SQLite database that is deleted when it is closed. */
  static async make(open: <T>() => Kysely<T>): Promise<SessionRules> {
    const db = open<RuleTables>();
    for (const table of [
      sql`create table sessions (session_id text primary key, user_id text) without rowid`,
      sql`create table facts (session_id text, fact_key text, primary key (session_id, fact_key)) without rowid`,
      sql`create table settled (session_id text, attempt integer, primary key (session_id, attempt)) without rowid`,
    ]) {
      await table.execute(db);
    }
    return new SessionRules(db);
  }

  /** Checks the next page. Returns the events that ingestion would have refused. */
  async take(page: readonly Told[]): Promise<Broken[]> {
    if (page.length === 0) return [];
    const known = await this.read(page);
    const broken = page.flatMap((told) => {
      const detail = told.fact === undefined ? voided(known, told) : judge(known, told);
      return detail === undefined ? [] : [{ index: told.index, detail }];
    });
    await this.write(page, known);
    return broken;
  }

  close(): Promise<void> {
    return this.db.destroy();
  }

  private async read(page: readonly Told[]): Promise<Known> {
    const ids = JSON.stringify([...new Set(page.map(({ sessionId }) => sessionId))]);
    const keys = page.flatMap(({ sessionId, fact }) => (fact ? [[sessionId, factKey(fact)]] : []));
    const users = await sql<RuleTables['sessions']>`
      select session_id, user_id from sessions join json_each(${ids}) on session_id = value`.execute(
      this.db,
    );
    const settled = await sql<RuleTables['settled']>`
      select session_id, attempt from settled join json_each(${ids}) on session_id = value`.execute(
      this.db,
    );
    const facts = await sql<RuleTables['facts']>`
      select session_id, fact_key from json_each(${JSON.stringify(keys)}) as one
      join facts on session_id = one.value ->> 0 and fact_key = one.value ->> 1`.execute(this.db);
    return {
      users: new Map(users.rows.map((row) => [row.session_id, row.user_id])),
      settled: new Set(settled.rows.map((row) => pair(row.session_id, row.attempt))),
      facts: new Set(facts.rows.map((row) => pair(row.session_id, row.fact_key))),
    };
  }

  private async write(page: readonly Told[], { users, settled }: Known): Promise<void> {
    const ids = [...new Set(page.map(({ sessionId }) => sessionId))];
    const named = JSON.stringify(ids.map((id) => [id, users.get(id) ?? null]));
    const keys = page.flatMap(({ sessionId, fact }) => (fact ? [[sessionId, factKey(fact)]] : []));
    const outcomes = [...settled].map((one) => JSON.parse(one) as [string, number]);
    await this.db.transaction().execute(async (db) => {
      await sql`insert or replace into sessions
        select value ->> 0, value ->> 1 from json_each(${named})`.execute(db);
      await sql`insert or ignore into facts
        select value ->> 0, value ->> 1 from json_each(${JSON.stringify(keys)})`.execute(db);
      await sql`delete from settled where session_id in
        (select value from json_each(${JSON.stringify(ids)}))`.execute(db);
      await sql`insert or ignore into settled
        select value ->> 0, value ->> 1 from json_each(${JSON.stringify(outcomes)})`.execute(db);
    });
  }
}

function judge(known: Known, { sessionId, fact }: Told & { fact: Fact }): string | undefined {
  const key = pair(sessionId, factKey(fact));
  if (known.facts.has(key)) return `The session ${sessionId} already has this fact.`;
  known.facts.add(key);
  const user = known.users.get(sessionId) ?? null;
  if (user !== null && user !== fact.data.user_id) {
    return `The session ${sessionId} belongs to a different user than this fact names.`;
  }
  known.users.set(sessionId, fact.data.user_id);
  if (OUTCOMES[fact.kind] === null) return undefined;
  const outcome = pair(sessionId, fact.data.attempt);
  if (known.settled.has(outcome)) {
    return `Attempt ${fact.data.attempt} of the session ${sessionId} already has an outcome.`;
  }
  known.settled.add(outcome);
  return undefined;
}

function voided(known: Known, { sessionId }: Told): string | undefined {
  const toldSince = (known.users.get(sessionId) ?? null) !== null;
  known.users.set(sessionId, null);
  for (const one of known.settled) {
    if ((JSON.parse(one) as [string, number])[0] === sessionId) known.settled.delete(one);
  }
  return toldSince ? undefined : `The session ${sessionId} has no facts to void.`;
}

function pair(sessionId: string, other: string | number): string {
  return JSON.stringify([sessionId, other]);
}
