import type { Compilable, CompiledQuery } from 'kysely';

import type { Reading } from './listings';

/**
 * A query for one row whose SQL is compiled once for each kind of database. It is for what nearly every request reads:
 * compiling takes longer than reading the row.
 */
export class KeptQuery<Values extends readonly (string | number)[], Row> {
  /** Keyed by Kysely's adapter, which all connections to one kind of database share. */
  private readonly compiled = new WeakMap<object, CompiledQuery<Row>>();

  /**
   * @param make makes the query. Its parameters must be the values that it is given, in their order.
   * @param sample values of the right types, to compile the query with.
   */
  constructor(
    private readonly make: (db: Reading, ...values: Values) => Compilable<Row>,
    private readonly sample: Values,
  ) {}

  async first(db: Reading, ...values: Values): Promise<Row | undefined> {
    const { adapter } = db.getExecutor();
    let compiled = this.compiled.get(adapter);
    if (compiled === undefined) {
      compiled = this.make(db, ...this.sample).compile();
      this.compiled.set(adapter, compiled);
    }
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters: values });
    return rows[0];
  }
}
