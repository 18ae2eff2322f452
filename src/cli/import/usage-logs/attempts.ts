import type { Workspace } from './workspace';

/** How long a chain of parents may be: as many rows as a session may have attempts. */
const MOST_ATTEMPTS = 1_000;

const REPEATED_ID = `UPDATE rows SET code = 'repeated_id', detail = 'Its id is that of line ' || first.line || ', too.'
  FROM (SELECT id, min(line) AS line FROM rows WHERE code IS NULL GROUP BY id HAVING count(*) > 1) AS first
  WHERE rows.id = first.id AND rows.line > first.line AND code IS NULL`;

const NO_PARENT = `UPDATE rows SET code = 'no_parent',
    detail = 'It is a retry of row ' || substr(parent, 1, 128) || ', which is not in the file or can''t be recorded.'
  WHERE code IS NULL AND parent IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM rows AS other
      WHERE other.id = rows.parent AND other.line <> rows.line AND other.code IS NULL)`;

const PARENTS_SESSION = `UPDATE rows SET session = other.session, raw_session = other.raw_session FROM rows AS other
  WHERE rows.session IS NULL AND other.id = rows.parent AND other.session IS NOT NULL AND other.line <> rows.line
    AND other.code IS NOT 'repeated_id'`;

const OWN_SESSION = `UPDATE rows SET session = replace(id, '/', ':'), raw_session = id
  WHERE session IS NULL AND parent IS NULL AND code IS NULL`;

const OTHER_SESSION = `UPDATE rows SET code = 'other_session', detail = 'Its parent belongs to another session.'
  WHERE code IS NULL AND EXISTS (SELECT 1 FROM rows AS other
    WHERE other.id = rows.parent AND other.session <> rows.session AND other.code IS NOT 'repeated_id')`;

/** A row that can't be read, or whose parent is missing, may belong anywhere among the rows of its session. */
const HOLE = `UPDATE rows SET code = 'no_parent',
    detail = 'Its session is numbered by time, and another row of it can''t be recorded, so its number would be a guess.'
  WHERE code IS NULL AND session IN (SELECT session FROM rows WHERE code IS NULL AND attempt IS NULL)
    AND session IN (SELECT session FROM rows WHERE code <> 'repeated_id')`;

const BY_TIME = `UPDATE rows SET attempt = ranked.place FROM (
    SELECT line, row_number() OVER (PARTITION BY session ORDER BY at, line) AS place FROM rows
    WHERE code IS NULL AND session IN (SELECT session FROM rows WHERE code IS NULL AND attempt IS NULL)
  ) AS ranked WHERE rows.line = ranked.line`;

const FIRST_IS_RETRY = `UPDATE rows SET code = 'no_parent', detail = 'It is a retry, but no earlier row belongs to its session.'
  WHERE code IS NULL AND retry = 1 AND attempt = 1`;

/** An attempt may have an earlier time than the one before it, if clocks differed or times are coarse. */
const TURN = `UPDATE rows SET turn = ranked.turn FROM (
    SELECT line, max(at) OVER (PARTITION BY session ORDER BY attempt) AS turn FROM rows WHERE code IS NULL
  ) AS ranked WHERE rows.line = ranked.line`;

const LATER = `UPDATE rows SET code = 'no_parent', detail = 'This is attempt ' || rows.attempt ||
    ' of its session, but attempt ' || earlier.attempt || ' was refused.'
  FROM rows AS earlier WHERE earlier.line = ? AND rows.session = earlier.session AND rows.attempt > earlier.attempt
    AND rows.code IS NULL
  RETURNING line, code, detail`;

const ambiguous = (column: 'session' | 'user') => `UPDATE rows SET code = 'ambiguous_id',
    detail = 'Two ids of the table become the same one, as / is written as :. Rename one of them.'
  WHERE code IS NULL AND ${column} IN (
    SELECT ${column} FROM rows WHERE code IS NULL GROUP BY ${column} HAVING count(DISTINCT raw_${column}) > 1)`;

/**
 * Finds which attempt of which session each row is: by `retry_count` if all rows of the session have it, else by time.
 * Refuses a row whose previous attempt is missing or unknown, because its transcription type would be a guess.
 */
export function numberAttempts(workspace: Workspace): void {
  workspace.exec(REPEATED_ID);
  untilNone(workspace, NO_PARENT);
  workspace.exec(OWN_SESSION);
  untilNone(workspace, PARENTS_SESSION);
  workspace.exec(`UPDATE rows SET code = 'no_parent', detail = 'Its chain of parents never reaches a first row.'
    WHERE session IS NULL AND code IS NULL`);
  untilNone(workspace, NO_PARENT);
  workspace.exec(OTHER_SESSION);
  workspace.exec(ambiguous('session'));
  workspace.exec(ambiguous('user'));
  workspace.exec(HOLE);
  workspace.exec(BY_TIME);
  workspace.exec(FIRST_IS_RETRY);
  refuseGaps(workspace);
  workspace.exec(TURN);
}

/** Runs a statement for each step of the longest chain of parents. */
function untilNone(workspace: Workspace, sql: string): void {
  const statement = workspace.prepare(sql);
  for (let round = 0; round < MOST_ATTEMPTS && statement.run().changes > 0; round += 1);
}

/** A row that can't be recorded, and why. */
export interface Refused {
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

/**
 * Refuses the later attempts of a row's session, because they would wait for the row's attempt.
 * @returns those that were not refused before.
 */
export function refuseLater(workspace: Workspace, line: number): readonly Refused[] {
  return workspace.prepare<[number], Refused>(LATER).all(line);
}

/** Refuses each attempt whose session lacks an earlier one. */
export function refuseGaps(workspace: Workspace): void {
  const rows = workspace
    .prepare<[], { line: number; session: string; attempt: number }>(
      'SELECT line, session, attempt FROM rows WHERE code IS NULL ORDER BY session, attempt, line',
    )
    .iterate();
  const refused: (readonly [line: number, code: string, detail: string])[] = [];
  let session: string | undefined;
  let next = 1;
  for (const row of rows) {
    if (row.session !== session) [session, next] = [row.session, 1];
    if (row.attempt === next) next += 1;
    else if (row.attempt > next)
      refused.push([
        row.line,
        'no_parent',
        `This is attempt ${row.attempt} of its session, but attempt ${next} is missing or can't be recorded.`,
      ]);
    else
      refused.push([
        row.line,
        'repeated_attempt',
        `The session already has an attempt ${row.attempt}.`,
      ]);
  }
  const refuse = workspace.prepare('UPDATE rows SET code = ?, detail = ? WHERE line = ?');
  for (const [line, code, detail] of refused) refuse.run(code, detail, line);
}
