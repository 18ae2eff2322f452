import { setImmediate as turn } from 'node:timers/promises';

import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';

import { fitting } from '../event-store/pages';
import { LOG_COLUMNS, type UsageLogRow } from './rows';
import type { ReadModelTables } from './tables';

/** A longer description is read by itself: with large extension attributes, its sealed values have a MiB or more. */
const LONG = 64 * 1024;
/** How many bytes of descriptions a page may have. The log that reaches them is its last. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** All columns of a log but its description. */
export const BARE_COLUMNS = LOG_COLUMNS.filter((name) => name !== 'described');

/** A log's row, without its description if that is long. */
export type BareLogRow = Omit<UsageLogRow, 'described'> & {
  readonly described: string | null;
  readonly bytes: number;
};

type Logs = SelectQueryBuilder<ReadModelTables, 'usage_logs', object>;

/** Selects the rows of logs for {@link describedPage}. */
export function selectBare(logs: Logs) {
  return logs
    .select(BARE_COLUMNS)
    .select([
      sql<
        string | null
      >`case when octet_length(described) <= ${sql.lit(LONG)} then described end`.as('described'),
      sql<number>`octet_length(described)`.as('bytes'),
    ]);
}

/**
 * Reads the descriptions that rows lack. Rows beyond {@link PAGE_BYTES} are left out: all of them may not fit into
 * memory. So a page may be short, but it is empty only if there are no rows.
 */
export async function describedPage(
  db: Pick<Kysely<ReadModelTables>, 'selectFrom'>,
  rows: BareLogRow[],
): Promise<UsageLogRow[]> {
  const sizes = rows.map(({ bytes }) => bytes);
  const page = rows.slice(0, fitting(sizes, PAGE_BYTES));
  const long = page.filter(({ described }) => described === null).map(({ id }) => id);
  if (long.length === 0) return page as UsageLogRow[];
  // Opening what was read takes a while, too.
  await turn();
  const found = await db
    .selectFrom('usage_logs')
    .select(['id', 'described'])
    .where('id', 'in', long)
    .execute();
  const read = new Map(found.map(({ id, described }) => [id, described]));
  return page.map((row) => ({ ...row, described: row.described ?? read.get(row.id)! }));
}

/** Whether nothing followed a page of at most `limit` logs: it is short, and not because its logs are large. */
export function isLastPageOfLogs(page: readonly UsageLogRow[], limit: number): boolean {
  if (page.length >= limit) return false;
  // A UTF-16 unit has at most three bytes in UTF-8.
  return page.reduce((sum, { described }) => sum + 3 * described.length, 0) < PAGE_BYTES;
}
