import type { Database } from 'better-sqlite3';

import { SqliteDatabase } from '../../lib/sqlite';

import { migrate } from './schema';

/** How many faults of each kind are reported. */
const SHOWN = 10;

/**
 * Checks that a ledger's file is sound: its pages, the guards against changes, dense positions, dense revisions in the
 * order of positions, and each stream's last revision. Reads the whole file and changes nothing.
 * @returns one sentence per fault. If the pages themselves are damaged, only that: nothing else can be trusted.
 */
export function examine(db: Database): readonly string[] {
  const pages = db.pragma(`integrity_check(${SHOWN})`) as { integrity_check: string }[];
  const broken = pages.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const faults = broken.map((text) => `The file is damaged: ${text}.`);
  if (broken.length > 0) return faults;
  for (const { ask, say } of QUESTIONS) {
    for (const row of db.prepare<[number], Row>(ask).iterate(SHOWN)) faults.push(say(row));
  }
  return [...faults, ...examineSchema(db)];
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/**
 * Compares tables, indexes and guards with those that this program makes, by their definitions and not only their
 * names.
 */
function examineSchema(db: Database): string[] {
  const right = new SqliteDatabase(':memory:');
  try {
    migrate(right);
    const expected = schemaOf(right);
    const found = schemaOf(db);
    const faults: string[] = [];
    for (const [key, { type, name, sql }] of expected) {
      const there = found.get(key);
      if (there === undefined) {
        faults.push(
          type === 'trigger'
            ? `The guard "${name}" is gone from the file: somebody removed the protection against changes.`
            : `The ${type} "${name}" is gone from the file.`,
        );
      } else if (there.sql !== sql) {
        faults.push(`The ${type} "${name}" is not the one that this program makes.`);
      }
    }
    for (const [key, { type, name }] of found) {
      if (!expected.has(key)) faults.push(`The file has a ${type} "${name}" that is not ours.`);
    }
    return faults;
  } finally {
    right.close();
  }
}

function schemaOf(db: Database): Map<string, SchemaRow> {
  const rows = db.prepare<[], SchemaRow>('SELECT type, name, sql FROM sqlite_master').all();
  // SQLite's own tables and indexes, for statistics and for UNIQUE, are not ours to compare.
  const own = rows.filter(({ name }) => !name.startsWith('sqlite_'));
  return new Map(own.map((row) => [`${row.type} ${row.name}`, row]));
}

interface Row {
  readonly position: number;
  readonly before: number;
  readonly name: string;
  readonly revision: number;
  readonly expected: number;
}

const QUESTIONS: readonly { readonly ask: string; readonly say: (row: Row) => string }[] = [
  {
    ask: `SELECT position, before FROM
            (SELECT position, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM events)
          WHERE position <> before + 1 LIMIT ?`,
    say: ({ position, before }) =>
      `After position ${before} comes ${position}: positions are dense, so the events in between are gone.`,
  },
  {
    ask: `SELECT e.position FROM events e LEFT JOIN streams s ON s.id = e.stream_id
          WHERE s.id IS NULL LIMIT ?`,
    say: ({ position }) => `The event at position ${position} is in a stream that does not exist.`,
  },
  {
    ask: `SELECT e.position, s.name, e.revision, e.expected FROM
            (SELECT position, stream_id, revision,
               row_number() OVER (PARTITION BY stream_id ORDER BY position) - 1 AS expected FROM events) e
          JOIN streams s ON s.id = e.stream_id
          WHERE e.revision <> e.expected LIMIT ?`,
    say: ({ position, name, revision, expected }) =>
      `The event at position ${position} has revision ${revision} in the stream ${name}; by its order it must have ${expected}.`,
  },
  {
    ask: `SELECT s.name, s.revision, coalesce(e.revision, -1) AS expected FROM streams s
          LEFT JOIN (SELECT stream_id, max(revision) AS revision FROM events GROUP BY stream_id) e
            ON e.stream_id = s.id
          WHERE s.revision <> coalesce(e.revision, -1) LIMIT ?`,
    say: ({ name, revision, expected }) =>
      `The stream ${name} records ${revision} as its last revision, but its last event has ${expected}.`,
  },
];
