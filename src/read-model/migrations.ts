import { Migrator, sql, type Kysely, type Migration, type RawBuilder } from 'kysely';

/**
 * The read model's schema, one step for each version; a landed step never changes. The tables are disposable: a step
 * that changes the meaning of rows empties the tables, and the projector fills them from the events.
 * @param text the database's type for texts that are ordered by their bytes.
 */
export const readModelMigrations = (
  text: 'text' | RawBuilder<unknown>,
): Record<string, Migration> => ({
  '0001-billing': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('checkpoints')
        .addColumn('name', text, (column) => column.primaryKey())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('size', 'bigint', (column) => column.notNull())
        .addColumn('recorded_at', 'bigint', (column) => column.notNull())
        .addColumn('edge', text, (column) => column.notNull())
        .addColumn('agreement', text)
        .execute();
      await db.schema
        .createTable('sessions')
        .addColumn('session_id', text, (column) => column.primaryKey())
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .addColumn('memory', text, (column) => column.notNull())
        .addColumn('view', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('sessions_by_user')
        .on('sessions')
        .columns(['user_id', 'last_at'])
        .execute();
      await db.schema
        .createTable('usage_logs')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('session_id', text, (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('billing_period', text, (column) => column.notNull())
        .addColumn('currency', text, (column) => column.notNull())
        .addColumn('late_position', 'bigint', (column) => column.notNull())
        .addColumn('completed_at', 'bigint', (column) => column.notNull())
        .addColumn('stt_provider', text, (column) => column.notNull())
        .addColumn('transcription_type', text, (column) => column.notNull())
        .addColumn('view', text, (column) => column.notNull())
        .addColumn('after', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('usage_logs_in_statement_order')
        .on('usage_logs')
        .columns([
          'user_id',
          'billing_period',
          'late_position',
          'completed_at',
          'session_id',
          'attempt',
        ])
        .execute();
      await db.schema
        .createIndex('usage_logs_by_time')
        .on('usage_logs')
        .columns(['user_id', 'completed_at'])
        .execute();
      await db.schema
        .createTable('waiting')
        .addColumn('session_id', text, (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('completed_at', 'bigint', (column) => column.notNull())
        .addColumn('view', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('waiting_key', ['session_id', 'attempt'])
        .execute();
      await db.schema
        .createIndex('waiting_by_age')
        .on('waiting')
        .columns(['completed_at', 'session_id', 'attempt'])
        .execute();
      await db.schema
        .createTable('statements')
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('period', text, (column) => column.notNull())
        .addColumn('tail', text, (column) => column.notNull())
        .addColumn('summaries', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('statements_key', ['user_id', 'period'])
        .execute();
      await db.schema
        .createTable('accounts')
        .addColumn('user_id', text, (column) => column.primaryKey())
        .addColumn('account', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('adjustments')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('user_id', text, (column) => column.notNull())
        .addColumn('billing_period', text, (column) => column.notNull())
        .addColumn('currency', text, (column) => column.notNull())
        .addColumn('voids', text)
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('view', text, (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('adjustments_by_period')
        .on('adjustments')
        .columns(['billing_period', 'user_id'])
        .execute();
      await db.schema
        .createIndex('adjustments_by_voided')
        .on('adjustments')
        .columns(['voids'])
        .execute();
      await db.schema
        .createTable('requests')
        .addColumn('scope', text, (column) => column.notNull())
        .addColumn('key', text, (column) => column.notNull())
        .addColumn('digest', text, (column) => column.notNull())
        .addColumn('answer', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('requests_key', ['scope', 'key'])
        .execute();
      await sql`insert into checkpoints (name, position, size, recorded_at, edge) values ('billing', 0, 0, 0, '')`.execute(
        db,
      );
    },
  },
  '0002-merkle-tiles': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('merkle_tiles')
        .addColumn('level', 'integer', (column) => column.notNull())
        .addColumn('number', 'bigint', (column) => column.notNull())
        .addColumn('hashes', text, (column) => column.notNull())
        .addColumn('after_position', 'bigint', (column) => column.notNull())
        .addColumn('after_recorded_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('merkle_tiles_key', ['level', 'number'])
        .execute();
      await db.schema
        .createIndex('merkle_tiles_by_position')
        .on('merkle_tiles')
        .columns(['level', 'after_position'])
        .execute();
      await db.schema
        .createIndex('merkle_tiles_by_time')
        .on('merkle_tiles')
        .columns(['level', 'after_recorded_at', 'number'])
        .execute();
      await startAgain(db);
    },
  },
  '0003-open-attempts': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('sessions').addColumn('open_since', 'bigint').execute();
      await db.schema.alterTable('sessions').addColumn('open_attempt', 'integer').execute();
      await sql`create index sessions_by_open_since on sessions (open_since, session_id) where open_since is not null`.execute(
        db,
      );
      // Rank order over all users: exports and reports page through a period in this order.
      await db.schema
        .createIndex('usage_logs_by_period')
        .on('usage_logs')
        .columns(['billing_period', 'late_position', 'completed_at', 'session_id', 'attempt'])
        .execute();
      await db.schema
        .createIndex('adjustments_in_order')
        .on('adjustments')
        .columns(['billing_period', 'position'])
        .execute();
      await startAgain(db);
    },
  },
  '0004-rated-when-read': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const table of ['usage_logs', 'statements']) await db.schema.dropTable(table).execute();
      await createLogs(db, text);
      await createStatements(db, text);
      await createSums(db, text);
      await startAgain(db);
    },
  },
  '0005-lists-of-writes': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('requests')
        .addColumn('position', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .alterTable('requests')
        .addColumn('written', text, (column) => column.notNull().defaultTo(''))
        .execute();
      await index(db, 'requests', ['position']);
      await index(db, 'adjustments', ['position']);
      await index(db, 'adjustments', ['user_id', 'position']);
      await startAgain(db, ALL_DERIVED);
    },
  },
  // From here on, personal values in descriptions are sealed. No readable ones from before may stay.
  '0006-sealed': {
    async up(db: Kysely<unknown>): Promise<void> {
      await startAgain(db, ALL_DERIVED);
    },
  },
});

async function index(db: Kysely<unknown>, table: string, columns: readonly string[]) {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_and_')}`)
    .on(table)
    .columns([...columns])
    .execute();
}

type TextType = 'text' | RawBuilder<unknown>;

const IN_STATEMENT_ORDER = [
  'user_id',
  'billing_period',
  'late_position',
  'completed_at',
  'session_id',
  'attempt',
];

/** Creates the table of logs. A log's cost follows from its rank in its statement, and is not a column. */
async function createLogs(db: Kysely<unknown>, text: TextType): Promise<void> {
  await db.schema
    .createTable('usage_logs')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('billing_period', text, (column) => column.notNull())
    .addColumn('late_position', 'bigint', (column) => column.notNull())
    .addColumn('completed_at', 'bigint', (column) => column.notNull())
    .addColumn('currency', text, (column) => column.notNull())
    .addColumn('usage_period', text, (column) => column.notNull())
    .addColumn('stt_provider', text, (column) => column.notNull())
    .addColumn('transcription_type', text, (column) => column.notNull())
    .addColumn('billable', 'integer', (column) => column.notNull())
    .addColumn('billing_reason', text, (column) => column.notNull())
    .addColumn('duration_seconds', text, (column) => column.notNull())
    .addColumn('billed_seconds', text, (column) => column.notNull())
    .addColumn('channels', 'integer', (column) => column.notNull())
    .addColumn('speaker_count', 'integer')
    .addColumn('confidence_score', 'double precision')
    .addColumn('plan', text, (column) => column.notNull())
    .addColumn('rate_card_id', text)
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('described', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('usage_logs_in_statement_order')
    .on('usage_logs')
    .columns(IN_STATEMENT_ORDER)
    .execute();
  // Rank order over all users: exports page through a period in this order.
  await db.schema
    .createIndex('usage_logs_by_period')
    .on('usage_logs')
    .columns(IN_STATEMENT_ORDER.slice(1))
    .execute();
  // Only late logs need this index: all other logs of a user are ordered by time within their periods.
  await sql`create index usage_logs_late on usage_logs (user_id, completed_at) where late_position > 0`.execute(
    db,
  );
}

async function createStatements(db: Kysely<unknown>, text: TextType): Promise<void> {
  await db.schema
    .createTable('statements')
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('period', text, (column) => column.notNull())
    .addColumn('most_cents', 'bigint', (column) => column.notNull())
    .addColumn('tail', text, (column) => column.notNull())
    .addColumn('summaries', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('statements_key', ['user_id', 'period'])
    .execute();
  await db.schema
    .createIndex('statements_by_period')
    .on('statements')
    .columns(['period', 'user_id'])
    .execute();
  await db.schema
    .createTable('marks')
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('period', text, (column) => column.notNull())
    .addColumn('late_position', 'bigint', (column) => column.notNull())
    .addColumn('completed_at', 'bigint', (column) => column.notNull())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('stretch', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('marks_key', [
      'user_id',
      'period',
      'late_position',
      'completed_at',
      'session_id',
      'attempt',
    ])
    .execute();
}

async function createSums(db: Kysely<unknown>, text: TextType): Promise<void> {
  await db.schema
    .createTable('usage_days')
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('day', text, (column) => column.notNull())
    .addColumn('currency', text, (column) => column.notNull())
    .addColumn('billing_period', text, (column) => column.notNull())
    .addColumn('transcriptions', 'bigint', (column) => column.notNull())
    .addColumn('billed_seconds', text, (column) => column.notNull())
    .addColumn('cost', text, (column) => column.notNull())
    .addColumn('cost_cents', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_days_key', ['user_id', 'day', 'currency', 'billing_period'])
    .execute();
  await db.schema
    .createTable('period_sums')
    .addColumn('period', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('currency', text, (column) => column.notNull())
    .addColumn('users', 'bigint', (column) => column.notNull())
    .addColumn('transcriptions', 'bigint', (column) => column.notNull())
    .addColumn('billed_seconds', text, (column) => column.notNull())
    .addColumn('cost', text, (column) => column.notNull())
    .addColumn('cost_cents', 'bigint', (column) => column.notNull())
    .addColumn('adjustments_cents', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('period_sums_key', ['period', 'kind', 'name', 'currency'])
    .execute();
}

/** Empties tables: the projector fills them from the ledger's first event on. */
async function startAgain(db: Kysely<unknown>, tables: readonly string[] = DERIVED): Promise<void> {
  for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(db);
  await sql`update checkpoints set position = 0, size = 0, recorded_at = 0, edge = '', agreement = null`.execute(
    db,
  );
}

/** All tables of the first steps, except that of the checkpoints. */
const DERIVED = [
  'sessions',
  'usage_logs',
  'waiting',
  'statements',
  'accounts',
  'adjustments',
  'requests',
  'merkle_tiles',
];

/** All tables but the checkpoint's, from step 0005 on. Steps that have landed empty these: the list never changes. */
const ALL_DERIVED = [...DERIVED, 'marks', 'usage_days', 'period_sums'];

/**
 * The tables that a new step empties: all but the checkpoint's. If a step adds a table, this becomes `[...ALL_DERIVED,
 * 'the_table']`.
 */
export const EMPTIED_BY_NEW_STEPS: readonly string[] = ALL_DERIVED;

/**
 * Brings a SQLite read model's schema to the newest version, in one transaction: kysely uses none for SQLite, and after
 * a crash between two statements of a step, the step could never be repeated.
 * @param path names it in a refusal.
 * @returns whether it was older.
 * @throws Error if a newer program made it.
 */
export function migrateReadModel(db: Kysely<unknown>, path: string): Promise<boolean> {
  return db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    const migrator = new Migrator({
      db: connection,
      provider: { getMigrations: () => Promise.resolve(readModelMigrations('text')) },
    });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error === undefined) {
      await sql`commit`.execute(connection);
      return results.length > 0;
    }
    // Some errors, such as a full disk, have ended the transaction.
    await sql`rollback`.execute(connection).catch(() => undefined);
    throw ofMigration(error, path);
  });
}

function ofMigration(error: unknown, path: string): unknown {
  if (!(error as Error).message.startsWith('corrupted migrations')) return error;
  return new Error(
    `The read model ${path} was made by another version of Minutebook, most likely a newer one. Start that version, or delete the file: this version then fills it again from the ledger.`,
    { cause: error },
  );
}

/** Checks that the schema is the newest. @throws Error if an older or newer program made it, or if there is none. */
export async function checkReadModelVersion(db: Kysely<unknown>): Promise<void> {
  const help =
    'The read model was made by another version of Minutebook. Start the service of this version once: it brings the read model up to date.';
  const names = sql<{ name: string }>`select name from kysely_migration order by name`;
  const { rows } = await names.execute(db).catch((cause: unknown) => {
    throw new Error(help, { cause });
  });
  const made = rows.map((row) => row.name).join(' ');
  if (made !== Object.keys(readModelMigrations('text')).sort().join(' ')) throw new Error(help);
}
