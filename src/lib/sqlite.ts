import { createRequire } from 'node:module';

import Database from 'better-sqlite3';

/** The first major version of Node.js on which version 12 of better-sqlite3 can abort the process. */
const FIRST_WITHOUT_12 = 23;
const major = Number(process.versions.node.split('.')[0]);

/**
 * The SQLite driver that works on this Node.js. No single version of better-sqlite3 works on 20, 22 and 24
 * (docs/adr/0075-two-versions-of-better-sqlite3.md): 13 needs 22, and 12 aborts on 24. Neither loads its binary before
 * a database is opened.
 */
export const SqliteDatabase = major < FIRST_WITHOUT_12 ? Database : load13();

function load13(): typeof Database {
  try {
    return createRequire(__filename)('better-sqlite3-13') as typeof Database;
  } catch (cause) {
    throw new Error(
      `Node.js ${major} needs better-sqlite3-13, which npm did not install. Install Python 3 and make, then run npm ci again; or use Node.js 22.`,
      { cause },
    );
  }
}
