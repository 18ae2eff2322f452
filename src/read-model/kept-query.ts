import type { Compilable, CompiledQuery } from 'kysely';

import type { Reading } from './listings';

/**
 * A query of one row whose text is made once for each kind of database. It is for what nearly every request reads: making
 * the text takes longer than reading the row.
 */
export class KeptQuery<Values extends readonly (string | number)[], Row> {
  /** By what is the same for all connections to a kind of database. */
  private readonly compiled = new WeakMap<object, CompiledQuery<Row>>();

  /**
   * @param make the query; its parameters are those that it is given, in their order.
   * @param sample values of their types.
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
