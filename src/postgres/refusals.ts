import { DatabaseError, type Client } from 'pg';

/** A PostgreSQL that answers but that the service can't use as it is. The message says what to run. */
class RefusedByPostgresError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedByPostgresError';
  }
}

/**
 * Refuses a database whose encoding is not UTF-8. It would accept the first events, until a name that it can't encode
 * blocked that event and all later ones.
 * @throws RefusedByPostgresError
 */
export async function checkEncoding(client: Pick<Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const { server_encoding: encoding } = rows[0]!;
  if (encoding === 'UTF8') return;
  throw new RefusedByPostgresError(
    `The database of READ_MODEL_URL is encoded in ${encoding}, and must be in UTF8. An encoding cannot be changed: create another database (CREATE DATABASE minutebook TEMPLATE template0 ENCODING 'UTF8') and name that one.`,
  );
}

/** SQLSTATEs: a missing right, a refused login, a missing database. */
const NO_RIGHT = '42501';
const NO_LOGIN = /^28/;
const NO_DATABASE = '3D000';

/** Explains to a person why the server refused the service for good. Returns any other error unchanged. */
export function explainRefusal(error: unknown, connectionString: string, schema: string): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { code = '', message } = error;
  const [user, database] = namesOf(connectionString);
  if (code === NO_RIGHT) {
    return new RefusedByPostgresError(
      `PostgreSQL denies ${user} a right: ${message}. As the database's owner, run GRANT CREATE ON DATABASE ${database} TO ${user}; if the schema ${schema} already exists, it must belong to ${user}, with all in it.`,
      { cause: error },
    );
  }
  if (NO_LOGIN.test(code) || code === NO_DATABASE) {
    return new RefusedByPostgresError(
      `PostgreSQL refuses the connection of READ_MODEL_URL: ${message}. Check its user, password and database.`,
      { cause: error },
    );
  }
  return error;
}

/** Returns the user and database of an address, quoted for SQL. */
function namesOf(connectionString: string): readonly [user: string, database: string] {
  const { username, pathname } = new URL(connectionString);
  const user = username === '' ? 'THE_USER' : quoted(username);
  return [user, pathname.length > 1 ? quoted(pathname.slice(1)) : user];
}

function quoted(encoded: string): string {
  const name = decodeURIComponent(encoded);
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
