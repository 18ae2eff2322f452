import { LongTransaction } from '../lib/long-transaction';
import type { WorkFile } from './work-file';
import type { MatchedBy } from './asked';

interface Line {
  readonly n: number;
  readonly session_id: string;
  readonly request_id: string | null;
  readonly started_at: number | null;
  readonly ns: number | null;
}
interface Timed {
  readonly n: number;
  readonly day: string;
  readonly ns: number;
}
interface Log {
  readonly n: number;
  readonly ns: number;
  readonly request_id: string | null;
}

const PAGE = 1_000;

/**
 * Finds a log for each line, and gives no log to two lines: by the vendor's request id, else by session, else by day
 * and duration. If a line and a log both have a request id and the ids differ, nothing else matches them.
 * @param toleranceNs how many nanoseconds durations may differ by.
 * @returns a generator that pauses now and then. If it is not run to its end, no line is matched.
 */
export function* matchLines({ db }: WorkFile, toleranceNs: number): Generator<undefined> {
  const transaction = new LongTransaction(db);
  transaction.begin();
  try {
    db.exec(`CREATE INDEX lines_by_request ON lines (request_id, n) WHERE request_id IS NOT NULL;
      CREATE INDEX lines_by_session ON lines (session_id, n) WHERE session_id IS NOT NULL;
      CREATE INDEX logs_by_request ON logs (request_id, n) WHERE request_id IS NOT NULL;
      CREATE INDEX logs_by_session ON logs (session_id, n);
      CREATE INDEX logs_by_day ON logs (day, ns) WHERE line IS NULL;
      CREATE INDEX logs_by_end_day ON logs (end_day, ns) WHERE line IS NULL;`);
    yield;
    markRepeated(db);
    yield;
    matchByRequest(db);
    yield;
    const someId = db.prepare('SELECT 1 FROM logs WHERE request_id IS NOT NULL LIMIT 1').get();
    const idsAreUsed = someId !== undefined;
    yield* matchBySession(db, [0, toleranceNs, Infinity], idsAreUsed);
    yield* matchByDuration(db, toleranceNs, idsAreUsed);
    yield* matchEqualLines(db, toleranceNs, idsAreUsed);
    conclude(db, toleranceNs);
    transaction.commit();
  } finally {
    transaction.rollBack();
  }
}

type Db = WorkFile['db'];

/**
 * Marks lines that repeat an earlier one: with the same id or, without an id, with the same time, duration and session.
 */
function markRepeated(db: Db): void {
  const repeats = (said: string, which: string) =>
    // Sorts once, so that equal lines need not be searched for.
    `SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY ${said} ORDER BY n) AS place FROM lines WHERE ${which})
      WHERE place > 1`;
  db.exec(`CREATE TEMP TABLE equal_lines AS
      ${repeats('started_at, ns, session_id', 'request_id IS NULL AND started_at IS NOT NULL')};
    UPDATE lines SET kind = 'repeated' WHERE n IN (SELECT n FROM equal_lines);
    UPDATE lines SET kind = 'repeated' WHERE n IN (${repeats('request_id', 'request_id IS NOT NULL')})`);
}

/**
 * Matches lines that equal an earlier one and have no id, if logs are left for them: a vendor's times may be only days,
 * so that many requests look alike. A line that finds no log stays a repetition.
 */
function* matchEqualLines(db: Db, toleranceNs: number, idsAreUsed: boolean): Generator<undefined> {
  db.exec('UPDATE lines SET kind = NULL WHERE n IN (SELECT n FROM equal_lines)');
  yield* matchBySession(db, [0, toleranceNs], idsAreUsed);
  yield* matchByDuration(db, toleranceNs, idsAreUsed);
  db.exec(`UPDATE lines SET kind = 'repeated' WHERE log IS NULL AND n IN (SELECT n FROM equal_lines);
    DROP TABLE equal_lines`);
}

function matchByRequest(db: Db): void {
  db.exec(`UPDATE lines SET matched_by = 'id',
      log = (SELECT min(g.n) FROM logs g WHERE g.request_id = lines.request_id)
      WHERE kind IS NULL AND request_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM logs g WHERE g.request_id = lines.request_id);
    UPDATE logs SET line = l.n FROM lines l WHERE l.log = logs.n;`);
}

/** @param steps the tolerances to try one after another: by how many nanoseconds durations may differ. */
function* matchBySession(
  db: Db,
  steps: readonly number[],
  idsAreUsed: boolean,
): Generator<undefined> {
  const pair = pairer(db, 'session');
  const logsOf = db.prepare<[string], Log>(
    'SELECT n, ns, request_id FROM logs WHERE session_id = ? AND line IS NULL ORDER BY attempt, n',
  );
  const repeat = db.prepare("UPDATE lines SET kind = 'repeated' WHERE n = ?");
  let since = 0;
  for (const lines of bySession(db)) {
    since += lines.length;
    if (since >= PAGE) {
      since = 0;
      yield;
    }
    const logs = logsOf.all(lines[0]!.session_id);
    let rest = lines;
    /** For each duration, the first line without id and time that has found its log. */
    const paired = new Map<number | null, number>();
    // Pair exact matches first, so that lines that differ get the logs that are left.
    for (const withinNs of steps) {
      if (withinNs === Infinity) {
        // A line without id and time that equals an earlier, paired line is a repetition, not another request.
        rest = rest.filter((line) => {
          if (isTold(line)) return true;
          if ((paired.get(line.ns) ?? Infinity) > line.n) return true;
          repeat.run(line.n);
          return false;
        });
      }
      rest = rest.filter((line) => {
        const found = nearest(line, logs, withinNs, idsAreUsed);
        if (found === undefined) return true;
        logs.splice(logs.indexOf(found), 1);
        pair(line.n, found.n);
        if (!isTold(line)) {
          paired.set(line.ns, Math.min(line.n, paired.get(line.ns) ?? Infinity));
        }
        return false;
      });
    }
  }
}

/** Whether a line says by id or time which request it means. {@link markRepeated} has found those that repeat one. */
function isTold({ request_id, started_at }: Line): boolean {
  return request_id !== null || started_at !== null;
}

/** Returns the unmatched lines that name a session, one session at a time. */
function* bySession(db: Db): Generator<Line[]> {
  const page = db.prepare<[string, string, number], Line>(
    `SELECT n, session_id, request_id, started_at, ns FROM lines
     WHERE session_id > ? AND session_id IN (
       SELECT DISTINCT session_id FROM lines WHERE session_id > ? AND kind IS NULL AND log IS NULL
       ORDER BY session_id LIMIT ?)
       AND kind IS NULL AND log IS NULL ORDER BY session_id, n`,
  );
  for (let after = ''; ;) {
    const lines = page.all(after, after, 1_000);
    if (lines.length === 0) return;
    yield* grouped(lines);
    after = lines.at(-1)!.session_id;
  }
}

/** Groups lines that are sorted by session. */
function* grouped(lines: readonly Line[]): Generator<Line[]> {
  let group: Line[] = [];
  for (const line of lines) {
    if (group.length > 0 && group[0]!.session_id !== line.session_id) {
      yield group;
      group = [];
    }
    group.push(line);
  }
  if (group.length > 0) yield group;
}

function nearest(
  line: Line,
  logs: readonly Log[],
  withinNs: number,
  idsAreUsed: boolean,
): Log | undefined {
  const apart = (log: Log) => (line.ns === null ? 0 : Math.abs(line.ns - log.ns));
  let best: Log | undefined;
  for (const log of logs) {
    const bothHaveIds = idsAreUsed && line.request_id !== null && log.request_id !== null;
    if (bothHaveIds || apart(log) > withinNs) continue;
    if (best === undefined || apart(log) < apart(best)) best = log;
  }
  return best;
}

/**
 * Matches lines that name no session, by day and duration. If any log has a request id, lines with one are left out:
 * no log has theirs.
 */
function* matchByDuration(db: Db, toleranceNs: number, idsAreUsed: boolean): Generator<undefined> {
  const pair = pairer(db, 'day_and_duration');
  db.exec(`CREATE INDEX IF NOT EXISTS lines_left ON lines (day, ns, n)
    WHERE kind IS NULL AND log IS NULL AND session_id IS NULL`);
  const page = db.prepare<[string, number, number], Timed>(
    `SELECT n, day, ns FROM lines WHERE kind IS NULL AND log IS NULL AND session_id IS NULL
       ${idsAreUsed ? 'AND request_id IS NULL' : ''} AND ns IS NOT NULL AND (day, ns, n) > (?, ?, ?)
     ORDER BY day, ns, n LIMIT ${PAGE}`,
  );
  // Lines come in order of duration. Taking the shortest log that fits leaves the longer ones for later lines.
  const find = (day: 'day' | 'end_day') =>
    db.prepare<[string, number, number], { n: number }>(
      `SELECT n FROM logs WHERE ${day} = ? AND ns BETWEEN ? AND ? AND line IS NULL ORDER BY ns, n LIMIT 1`,
    );
  const [onDay, onEndDay] = [find('day'), find('end_day')];
  for (const [within, logs] of [
    [0, onDay],
    [0, onEndDay],
    [toleranceNs, onDay],
    [toleranceNs, onEndDay],
  ] as const) {
    let last: Timed | undefined = { day: '', ns: 0, n: 0 };
    while (last !== undefined) {
      const lines = page.all(last.day, last.ns, last.n);
      for (const { n, day, ns } of lines) {
        const found = logs.get(day, ns - within, ns + within);
        if (found !== undefined) pair(n, found.n);
      }
      last = lines.length < PAGE ? undefined : lines.at(-1);
      yield;
    }
  }
}

function pairer(db: Db, by: MatchedBy): (line: number, log: number) => void {
  const line = db.prepare('UPDATE lines SET log = ?, matched_by = ? WHERE n = ?');
  const log = db.prepare('UPDATE logs SET line = ? WHERE n = ?');
  return (lineNumber, logNumber) => {
    line.run(logNumber, by, lineNumber);
    log.run(lineNumber, logNumber);
  };
}

function conclude(db: Db, toleranceNs: number): void {
  db.prepare(
    `UPDATE lines SET kind = CASE
       WHEN log IS NULL THEN 'only_vendor'
       WHEN abs(ns - (SELECT g.ns FROM logs g WHERE g.n = lines.log)) > ? THEN 'duration_differs'
       ELSE 'matched' END
     WHERE kind IS NULL`,
  ).run(toleranceNs);
  db.exec(
    'CREATE INDEX lines_by_kind ON lines (kind, n); CREATE INDEX logs_left ON logs (n) WHERE line IS NULL;',
  );
}
