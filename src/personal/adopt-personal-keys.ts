import type { KeptTables, Statement } from '../kept/kept-tables';

type Row = Readonly<Record<string, string | number>>;

/** What is copied: the keys, which erasures are carried out, and up to which place. */
const COPIED = [
  { table: 'personal_keys', columns: ['key_id', 'user_id', 'secret', 'created_at', 'retired'] },
  { table: 'erasures', columns: ['event_id', 'position', 'user_id', 'erased_at'] },
] as const;
const AT_ONCE = 1_000;

/** Copies the keys of personal values to where there is none yet: what was sealed on one machine is read by all. */
export async function adoptPersonalKeys(from: KeptTables, to: KeptTables): Promise<void> {
  if ((await to.all('SELECT key_id FROM personal_keys LIMIT 1')).length > 0) return;
  if ((await to.all('SELECT event_id FROM erasures LIMIT 1')).length > 0) return;
  const statements: Statement[] = [];
  for (const { table, columns } of COPIED) {
    const rows = await from.all<Row>(`SELECT ${columns.join(', ')} FROM ${table}`);
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const some = rows.slice(at, at + AT_ONCE);
      statements.push({
        sql: `INSERT INTO ${table} (${columns.join(', ')})
          VALUES ${some.map(() => `(${columns.map(() => '?').join(', ')})`).join(', ')}
          ON CONFLICT DO NOTHING`,
        values: some.flatMap((row) => columns.map((name) => row[name]!)),
      });
    }
  }
  // All or none: an interrupted start begins again.
  if (statements.length > 0) await to.batch(statements);
}
