import type { Database } from 'better-sqlite3';

import { ERASING_ORDER, LOGS_A_PAGE } from '../erasing';
import {
  LOG_COLUMNS,
  RATED_COLUMNS,
  type AccountRow,
  type MarkRow,
  type MerkleTileRow,
  type RatedLogRow,
  type SessionOfUser,
  type SessionRow,
  type StatementRow,
  type UsageLogRow,
} from '../rows';
import type { CheckpointRow } from '../tables';

export const MARK_COLUMNS = [
  'user_id',
  'period',
  'late_position',
  'completed_at',
  'session_id',
  'attempt',
  'state',
  'stretch',
] as const satisfies readonly (keyof MarkRow)[];

const IN_STATEMENT = 'user_id = ? AND billing_period = ?';
const PLACE = '(late_position, completed_at, session_id, attempt)';

/** Prepares the statements of {@link SqliteRowStore}. The function `exact_sum`, which adds decimals, must be defined. */
export function prepareStatements(db: Database) {
  return {
    ...checkpointStatements(db),
    ...readingStatements(db),
    ...writingStatements(db),
    ...addingStatements(db),
    ...removingStatements(db),
  };
}

function checkpointStatements(db: Database) {
  return {
    checkpoint: db.prepare<[string], CheckpointRow>('SELECT * FROM checkpoints WHERE name = ?'),
    move: db.prepare(
      'UPDATE checkpoints SET position = ?, size = ?, recorded_at = ?, edge = ? WHERE name = ? AND position = ?',
    ),
    setAgreement: db.prepare('UPDATE checkpoints SET agreement = ? WHERE name = ?'),
  };
}

function readingStatements(db: Database) {
  return {
    session: db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE session_id = ?'),
    sessionsFrom: db.prepare<[number], SessionOfUser>(
      'SELECT session_id, user_id FROM sessions WHERE last_at >= ? ORDER BY user_id, last_at',
    ),
    userSessionsFrom: db.prepare<[number, string], SessionOfUser>(
      'SELECT session_id, user_id FROM sessions WHERE last_at >= ? AND user_id = ? ORDER BY last_at',
    ),
    sessionsSplitBy: db
      .prepare<[string], string>(
        `SELECT DISTINCT late.session_id FROM usage_logs AS late
         WHERE late.billing_period = ? AND late.transcription_type = 'retry_failed'
           AND EXISTS (SELECT 1 FROM usage_logs AS early
             WHERE early.id >= late.session_id || '~' AND early.id < late.session_id || '~\u007f'
               AND early.attempt < late.attempt
               AND early.billing_period <> late.billing_period)
         ORDER BY late.session_id`,
      )
      .pluck(),
    // Every log's id begins with its session's id and a `~`, which no session id contains.
    sessionLogs: db.prepare<[string, string], UsageLogRow>(
      'SELECT * FROM usage_logs WHERE id >= ? AND id < ?',
    ),
    userLogs: db.prepare<unknown[], UsageLogRow>(
      `SELECT id, described, ${ERASING_ORDER} FROM usage_logs
       WHERE user_id = ? AND (${ERASING_ORDER}) > (?, ?, ?, ?, ?)
       ORDER BY ${ERASING_ORDER} LIMIT ${LOGS_A_PAGE}`,
    ),
    account: db.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE user_id = ?'),
    statement: db.prepare<[string, string], StatementRow>(
      'SELECT * FROM statements WHERE user_id = ? AND period = ?',
    ),
    marks: db.prepare<[string, string], MarkRow>(
      `SELECT * FROM marks WHERE user_id = ? AND period = ?
       ORDER BY late_position, completed_at, session_id, attempt`,
    ),
    stretch: db.prepare<unknown[], RatedLogRow>(
      `SELECT ${RATED_COLUMNS.join(', ')} FROM usage_logs
       WHERE ${IN_STATEMENT} AND ${PLACE} >= (?, ?, ?, ?) AND ${PLACE} < (?, ?, ?, ?)
       ORDER BY late_position, completed_at, session_id, attempt`,
    ),
    merkleTile: db.prepare<[number, number], MerkleTileRow>(
      'SELECT * FROM merkle_tiles WHERE level = ? AND number = ?',
    ),
  };
}

function writingStatements(db: Database) {
  return {
    putSession: db.prepare(
      `INSERT INTO sessions (session_id, user_id, last_at, open_since, open_attempt, memory, view)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (session_id) DO UPDATE SET user_id = excluded.user_id,
         last_at = excluded.last_at, open_since = excluded.open_since,
         open_attempt = excluded.open_attempt, memory = excluded.memory, view = excluded.view`,
    ),
    describeLog: db.prepare('UPDATE usage_logs SET described = ? WHERE id = ?'),
    putLog: db.prepare(
      `INSERT INTO usage_logs (${LOG_COLUMNS.join(', ')}) VALUES (${LOG_COLUMNS.map(() => '?').join(', ')})
       ON CONFLICT (id) DO UPDATE SET
         ${LOG_COLUMNS.slice(1)
           .map((name) => `${name} = excluded.${name}`)
           .join(', ')}`,
    ),
    putMark: db.prepare(
      `INSERT INTO marks (${MARK_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (user_id, period, late_position, completed_at, session_id, attempt)
       DO UPDATE SET state = excluded.state, stretch = excluded.stretch`,
    ),
    putWaiting: db.prepare(
      `INSERT INTO waiting (session_id, attempt, user_id, completed_at, view) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (session_id, attempt) DO UPDATE SET
         user_id = excluded.user_id, completed_at = excluded.completed_at, view = excluded.view`,
    ),
    putStatement: db.prepare(
      `INSERT INTO statements (user_id, period, most_cents, tail, summaries) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (user_id, period) DO UPDATE SET
         most_cents = excluded.most_cents, tail = excluded.tail, summaries = excluded.summaries`,
    ),
    putAccount: db.prepare(
      `INSERT INTO accounts (user_id, account) VALUES (?, ?)
       ON CONFLICT (user_id) DO UPDATE SET account = excluded.account`,
    ),
    putAdjustment: db.prepare(
      `INSERT INTO adjustments (id, user_id, billing_period, currency, voids, position, view)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    putRequest: db.prepare(
      `INSERT INTO requests (scope, key, digest, answer, position, written)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    putMerkleTile: db.prepare(
      `INSERT INTO merkle_tiles (level, number, hashes, after_position, after_recorded_at)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes`,
    ),
  };
}

function addingStatements(db: Database) {
  return {
    addDay: db.prepare(
      `INSERT INTO usage_days (user_id, day, currency, billing_period, transcriptions, billed_seconds, cost, cost_cents)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (user_id, day, currency, billing_period) DO UPDATE SET
         transcriptions = transcriptions + excluded.transcriptions,
         billed_seconds = exact_sum(billed_seconds, excluded.billed_seconds),
         cost = exact_sum(cost, excluded.cost), cost_cents = cost_cents + excluded.cost_cents`,
    ),
    removeEmptyDay: db.prepare(
      `DELETE FROM usage_days WHERE user_id = ? AND day = ? AND currency = ? AND billing_period = ?
       AND transcriptions = 0`,
    ),
    addPeriod: db.prepare(
      `INSERT INTO period_sums (period, kind, name, currency, users, transcriptions, billed_seconds, cost, cost_cents, adjustments_cents)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (period, kind, name, currency) DO UPDATE SET
         users = users + excluded.users, transcriptions = transcriptions + excluded.transcriptions,
         billed_seconds = exact_sum(billed_seconds, excluded.billed_seconds),
         cost = exact_sum(cost, excluded.cost), cost_cents = cost_cents + excluded.cost_cents,
         adjustments_cents = adjustments_cents + excluded.adjustments_cents`,
    ),
    removeEmptyPeriod: db.prepare(
      `DELETE FROM period_sums WHERE period = ? AND kind = ? AND name = ? AND currency = ?
       AND transcriptions = 0 AND users = 0`,
    ),
  };
}

function removingStatements(db: Database) {
  return {
    removeMark: db.prepare(
      `DELETE FROM marks WHERE user_id = ? AND period = ? AND ${PLACE} = (?, ?, ?, ?)`,
    ),
    removeLog: db.prepare('DELETE FROM usage_logs WHERE id = ?'),
    removeWaiting: db.prepare('DELETE FROM waiting WHERE session_id = ? AND attempt = ?'),
    removeStatement: db.prepare('DELETE FROM statements WHERE user_id = ? AND period = ?'),
  };
}
