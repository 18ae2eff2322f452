import Database from 'better-sqlite3';

/** Where two read models differ: a row of a table, as each of them has it (`undefined` = not at all). */
export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly left: unknown;
  readonly right: unknown;
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  sessions: ['session_id'],
  usage_logs: ['id'],
  waiting: ['session_id', 'attempt'],
  statements: ['user_id', 'period'],
  accounts: ['user_id'],
  adjustments: ['id'],
  requests: ['scope', 'key'],
  merkle_tiles: ['level', 'number'],
  checkpoints: ['name'],
};

type Row = Readonly<Record<string, string | number | null>>;

/** Compares two read models row for row, in constant memory; answers the first `limit` differences. */
export function compareReadModels(
  leftPath: string,
  rightPath: string,
  limit: number,
): Difference[] {
  const left = new Database(leftPath, { readonly: true });
  const right = new Database(rightPath, { readonly: true });
  try {
    const differences: Difference[] = [];
    for (const table of Object.keys(KEYS)) {
      for (const difference of compareTable(left, right, table)) {
        differences.push(difference);
        if (differences.length >= limit) return differences;
      }
    }
    return differences;
  } finally {
    left.close();
    right.close();
  }
}

function* compareTable(
  left: Database.Database,
  right: Database.Database,
  table: string,
): Generator<Difference> {
  const keys = KEYS[table]!;
  const select = `SELECT * FROM ${table} ORDER BY ${keys.join(', ')}`;
  const lefts = left.prepare<[], Row>(select).iterate();
  const rights = right.prepare<[], Row>(select).iterate();
  let a = lefts.next();
  let b = rights.next();
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareKeys(a.value, b.value, keys);
    const one = order <= 0 ? (a.value as Row) : undefined;
    const other = order >= 0 ? (b.value as Row) : undefined;
    if (JSON.stringify(one) !== JSON.stringify(other)) {
      const key = keys.map((name) => (one ?? other)![name]).join(' ');
      yield { table, key, left: one, right: other };
    }
    if (order <= 0) a = lefts.next();
    if (order >= 0) b = rights.next();
  }
}

function compareKeys(a: Row, b: Row, keys: readonly string[]): number {
  for (const name of keys) {
    const [left, right] = [a[name]!, b[name]!];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
