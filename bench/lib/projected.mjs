/** What a measurement needs to know about a ledger that was made: its users, and how many logs each has. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const Database = createRequire(new URL('../../dist/', import.meta.url))('better-sqlite3');

function query(folder, sql, ...values) {
  const db = new Database(join(folder, 'read-models.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

/** The month with the most usage logs. */
export function busiestMonth(folder) {
  const sql =
    'SELECT billing_period AS period FROM usage_logs GROUP BY 1 ORDER BY count(*) DESC LIMIT 1';
  return query(folder, sql)[0].period;
}

/** @returns up to `limit` users with at least so many usage logs in a month, by id. */
export function usersOf(folder, month, least, limit) {
  const sql = `SELECT user_id FROM usage_logs WHERE billing_period = ? GROUP BY user_id
    HAVING count(*) >= ? ORDER BY user_id LIMIT ?`;
  return query(folder, sql, month, least, limit).map((row) => row.user_id);
}

/** @returns the user whose number of usage logs is nearest to `logs`, and that number. */
export function userOfAbout(folder, logs) {
  const sql = `SELECT user_id AS user, count(*) AS logs FROM usage_logs GROUP BY user_id
    ORDER BY abs(count(*) - ?) LIMIT 1`;
  return query(folder, sql, logs)[0];
}
