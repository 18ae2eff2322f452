import { join } from 'node:path';

import { readPath, type Get } from './paths';

/** Where the read models are kept. */
export type ReadModelChoice =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgres';
      /** Secret, because it may contain a password. */
      readonly connectionString: string;
    };

/**
 * Parameters of connections that the service sets itself. Those in an address would replace them: by `application_name`,
 * instances find each other's connections, and the timeouts keep one that hangs from holding locks.
 */
const OWN_PARAMETERS: ReadonlySet<string> = new Set([
  'options',
  'application_name',
  'fallback_application_name',
  'statement_timeout',
  'query_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'connect_timeout',
  'keepalives',
]);

/**
 * Reads where the read models are: a file, or a PostgreSQL as `postgres://` or `postgresql://`. Messages never quote
 * the value.
 */
export function readReadModel(
  name: string,
  get: Get,
  dataDir: string,
  mistakes: string[],
): ReadModelChoice {
  const value = get(name) ?? '';
  if (!/^postgres(ql)?:\/\//i.test(value)) {
    const path = readPath(name, get, join(dataDir, 'read-models.db'), mistakes);
    return { kind: 'sqlite', path };
  }
  const parameters = URL.canParse(value) ? [...new URL(value).searchParams.keys()] : [];
  for (const parameter of parameters.filter((one) => OWN_PARAMETERS.has(one))) {
    mistakes.push(
      `${name} has the parameter ${parameter}: remove it, because the service sets its own.`,
    );
  }
  if (!URL.canParse(value)) {
    mistakes.push(
      `${name} must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database, with : / @ ? # in user and password written as %3A %2F %40 %3F %23.`,
    );
  }
  return { kind: 'postgres', connectionString: value };
}

/** Says for a person where the read models are, without user and password. */
export function describeReadModel(choice: ReadModelChoice): string {
  switch (choice.kind) {
    case 'sqlite':
      return choice.path;
    case 'postgres': {
      const { host, pathname } = new URL(choice.connectionString);
      return `PostgreSQL at ${host}${pathname}`;
    }
  }
}
