import type { KeptTables, Statement } from '../kept/kept-tables';
import type { Connections } from './pool';
import { inTransaction, query } from './statements';

/** The kept tables that several instances share. */
export class PostgresKeptTables implements KeptTables {
  constructor(private readonly connections: Connections) {}

  all<Row>(sql: string, values: Statement['values'] = []): Promise<Row[]> {
    return query(
      this.connections,
      async (connection) => (await connection.query<Row>(numbered(sql), values)).rows,
    );
  }

  batch(statements: readonly Statement[]): Promise<number[]> {
    return inTransaction(this.connections, async (connection) => {
      const changed: number[] = [];
      for (const { sql, values } of statements) {
        changed.push((await connection.query(numbered(sql), values)).rowCount);
      }
      return changed;
    });
  }

  fill(statements: AsyncIterable<Statement>): Promise<void> {
    return inTransaction(this.connections, async (connection) => {
      for await (const { sql, values } of statements) await connection.query(numbered(sql), values);
    });
  }

  /**
   * Vacuums the table: a deleted row stays in its pages until then. The row's bytes stay in the file even longer, until
   * the space is used again (docs/explanation/erasure.md).
   */
  async scrub(table: string): Promise<void> {
    await query(this.connections, (connection) => connection.query(`VACUUM ${table}`));
  }
}

/** Replaces each `?` by `$1`, `$2` and so on. No statement of ours has a `?` inside a string literal. */
function numbered(sql: string): string {
  let place = 0;
  return sql.replaceAll('?', () => `$${(place += 1)}`);
}
