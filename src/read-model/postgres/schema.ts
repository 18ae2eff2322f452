import { sql } from 'kysely';

import { readModelMigrations } from '../migrations';

/** The schema of the live tables. It holds nothing else, so it can be dropped without checking. */
export const LIVE_SCHEMA = 'minutebook_read';

/** A text type that is ordered by bytes, and so by code points, whatever the language of the database. */
const TEXT = sql`text COLLATE "C"`;

/** Returns the steps that create the tables in a schema. */
export function migrations(): ReturnType<typeof readModelMigrations> {
  return readModelMigrations(TEXT);
}
