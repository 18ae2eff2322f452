import { sql } from 'kysely';

/** Where the tables are: of their own, so that they can be dropped without a look at anything else. */
export const SCHEMA = 'minutebook_read';

/** Ordered by its bytes, which is by code points, whatever language the database was made for. */
export const TEXT = sql`text COLLATE "C"`;
