import { RATED_COLUMNS } from '../rows';

const IN_STATEMENT = 'user_id = $1 AND billing_period = $2';
const PLACE = '(late_position, completed_at, session_id, attempt)';

/** The projector's queries for single rows and lists, prepared on each connection under these names. */
export const SELECT = {
  checkpoint: 'SELECT *, xmin::text AS version FROM checkpoints WHERE name = $1',
  session: 'SELECT * FROM sessions WHERE session_id = $1',
  sessionsFrom:
    'SELECT session_id, user_id FROM sessions WHERE last_at >= $1 ORDER BY user_id, last_at',
  userSessionsFrom:
    'SELECT session_id, user_id FROM sessions WHERE last_at >= $1 AND user_id = $2 ORDER BY last_at',
  sessionsSplitBy: `SELECT DISTINCT late.session_id FROM usage_logs AS late
    WHERE late.billing_period = $1 AND late.transcription_type = 'retry_failed'
      AND EXISTS (SELECT 1 FROM usage_logs AS early
        WHERE early.id >= late.session_id || '~' AND early.id < late.session_id || '~\u007f'
          AND early.attempt < late.attempt
          AND early.billing_period <> late.billing_period)
    ORDER BY late.session_id`,
  // Every log's id begins with its session's id and a `~`, which no session id contains.
  sessionLogs: 'SELECT * FROM usage_logs WHERE id >= $1 AND id < $2',
  account: 'SELECT * FROM accounts WHERE user_id = $1',
  statement: 'SELECT * FROM statements WHERE user_id = $1 AND period = $2',
  marks: `SELECT * FROM marks WHERE user_id = $1 AND period = $2
    ORDER BY late_position, completed_at, session_id, attempt`,
  stretch: `SELECT ${RATED_COLUMNS.join(', ')} FROM usage_logs
    WHERE ${IN_STATEMENT} AND ${PLACE} >= ($3, $4, $5, $6) AND ${PLACE} < ($7, $8, $9, $10)
    ORDER BY late_position, completed_at, session_id, attempt`,
  merkleTile: 'SELECT * FROM merkle_tiles WHERE level = $1 AND number = $2',
} as const;
