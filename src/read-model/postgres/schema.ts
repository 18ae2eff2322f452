import { sql } from 'kysely';

import { readModelMigrations } from '../migrations';

/** Where the tables are: of their own, so that they can be dropped without a look at anything else. */
export const LIVE_SCHEMA = 'minutebook_read';

/** Ordered by its bytes, which is by code points, whatever language the database was made for. */
const TEXT = sql`text COLLATE "C"`;

/** What makes the tables in a schema. */
export function migrations(): ReturnType<typeof readModelMigrations> {
  return readModelMigrations(TEXT);
}
