import type { Connection } from '../../postgres/pool';
import type { AccountRow, SessionRow, StatementRow, UsageLogRow, Wanted } from '../rows';
import { keyOf, selectRows } from './columns';

const SESSIONS = selectRows('sessions');
const ACCOUNTS = selectRows('accounts');
const STATEMENTS = selectRows('statements');
const LOGS = `SELECT usage_logs.* FROM unnest($1::text[]) AS given (session_id) JOIN usage_logs
  ON usage_logs.id >= given.session_id COLLATE "C" || '~' AND usage_logs.id < given.session_id COLLATE "C" || '~\u007f'`;

/** Rows that were read before they are needed. A row that is known not to exist is kept as `undefined`. */
export class ReadAhead {
  readonly sessions = new Map<string, SessionRow | undefined>();
  readonly logs = new Map<string, UsageLogRow[]>();
  readonly accounts = new Map<string, AccountRow | undefined>();
  readonly statements = new Map<string, StatementRow | undefined>();

  /** Forgets all rows: they may be out of date. */
  clear(): void {
    this.sessions.clear();
    this.logs.clear();
    this.accounts.clear();
    this.statements.clear();
  }

  /** Reads what is wanted, with one SQL statement for each table. */
  async fill(connection: Connection, wanted: Wanted): Promise<void> {
    const { sessions = [], logsOf = [], accounts = [], statements = [] } = wanted;
    if (sessions.length > 0) {
      for (const id of sessions) this.sessions.set(id, undefined);
      const keys = sessions.map((session_id) => ({ session_id }));
      for (const row of await read<SessionRow>(connection, SESSIONS, keys)) {
        this.sessions.set(row.session_id, row);
      }
    }
    if (logsOf.length > 0) {
      for (const id of logsOf) this.logs.set(id, []);
      for (const row of (await connection.query<UsageLogRow>(LOGS, [logsOf])).rows) {
        this.logs.get(row.session_id)!.push(row);
      }
    }
    if (accounts.length > 0) {
      for (const id of accounts) this.accounts.set(id, undefined);
      const keys = accounts.map((user_id) => ({ user_id }));
      for (const row of await read<AccountRow>(connection, ACCOUNTS, keys)) {
        this.accounts.set(row.user_id, row);
      }
    }
    if (statements.length > 0) {
      for (const key of statements) this.statements.set(keyOf('statements', key), undefined);
      const keys = statements.map(({ user_id, period }) => ({ user_id, period }));
      for (const row of await read<StatementRow>(connection, STATEMENTS, keys)) {
        this.statements.set(keyOf('statements', row), row);
      }
    }
  }
}

async function read<R>(
  connection: Connection,
  text: string,
  keys: readonly object[],
): Promise<R[]> {
  return (await connection.query<R>(text, [JSON.stringify(keys)])).rows;
}
