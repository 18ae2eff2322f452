import type { KeptTables, Statement } from '../kept/kept-tables';

/** The tables, in the order in which they are copied, each with its columns. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  webhooks:
    'id,url,name,types,enabled,secret,old_secret,old_secret_until,created_at,off_because,off_at'.split(
      ',',
    ),
  alerts: 'id,name,metric,threshold,share_of_limit,user_id,currency,from_period,created_at'.split(
    ',',
  ),
  happenings: 'id,type,body,created_at,fanned_out'.split(','),
  deliveries:
    'id,webhook_id,happening_id,status,tries,step,last_status,last_error,next_try_at,created_at'.split(
      ',',
    ),
  follower: 'name,position'.split(','),
};
/** Without these, nothing was made there yet. */
const BEGUN = ['webhooks', 'alerts', 'follower'];

/**
 * Takes webhooks, alerts and what is still to be sent over from the file of the keys, if nothing was made here yet: in one
 * transaction, so that a start that is interrupted takes them over the next time.
 */
export async function adoptKept(from: KeptTables, to: KeptTables): Promise<void> {
  for (const table of BEGUN) {
    const [row] = await to.all(`SELECT 1 AS one FROM ${table} LIMIT 1`);
    if (row !== undefined) return;
  }
  const statements: Statement[] = [];
  for (const [table, columns] of Object.entries(TABLES)) {
    const names = columns.join(', ');
    const sql = `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`;
    for (const row of await from.all<Row>(`SELECT ${names} FROM ${table}`)) {
      statements.push({ sql, values: columns.map((name) => row[name] ?? null) });
    }
  }
  if (statements.length > 0) await to.batch(statements);
}

type Row = Readonly<Record<string, string | number | null>>;
