import { setTimeout as sleep } from 'node:timers/promises';

import { Client, DatabaseError } from 'pg';

import { asOurs, isOfMissing } from '../../postgres/errors';
import { LOCKS, REBUILD_LOCK } from '../../postgres/locks';
import { migrateSchema } from '../../postgres/migrate';
import { clientConfig, openPool, type Connections } from '../../postgres/pool';
import { PostgresUnavailableError } from '../../postgres/unavailable';
import type { NextReadModel } from '../rebuildable';
import type { RowStore } from '../rows';
import { PostgresRowStore } from './postgres-row-store';
import { LIVE_SCHEMA, migrations } from './schema';

const NEXT_SCHEMA = 'minutebook_read_next';
/** The schema that was live until the last switch. No new snapshot reads it, and it is dropped as soon as possible. */
const OLD_SCHEMA = 'minutebook_read_old';

const CONNECTIONS = 2;
/** How long the switch makes new readers wait for existing ones to end. */
const SWITCH_LOCK_MS = 500;
/** How long the switch waits for a commit to the live schema. */
const COMMIT_LOCK_MS = 30_000;
/** How long the switch may be silent, in milliseconds: if this instance hangs, it must not stop everyone's commits. */
const SILENT_MS = 60_000;
/** How often it says that it is still catching up. */
const BEAT_MS = 10_000;
const PAUSE_MS = 1_000;
/** How long the switch is retried. A snapshot that is read for longer, such as a replay's, prevents the switch. */
const SWITCH_WAIT_MS = 300_000;

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * The next read model, in a schema beside the live one. The switch renames both in one transaction. Every snapshot of
 * the live schema holds a lock on its checkpoints (`snapshots.ts`), and the switch waits for these locks. So no
 * snapshot sees a part of each schema.
 */
export class NextSchema implements NextReadModel {
  readonly file = undefined;
  /**
   * Opens the next schema, and continues with what it holds.
   * @throws Error if another process is filling it.
   */
  static async open(connectionString: string, report: (error: unknown) => void) {
    const client = new Client(clientConfig(connectionString, LIVE_SCHEMA));
    client.on('error', report);
    try {
      await client.connect();
      const { rows } = await client.query<{ ours: boolean }>(
        'SELECT pg_try_advisory_lock($1, $2) AS ours',
        [LOCKS, REBUILD_LOCK],
      );
      if (!rows[0]!.ours) {
        throw new Error(
          'Another instance, or a command, is rebuilding the read models: wait for it to end.',
        );
      }
      await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`);
      await migrateSchema(connectionString, NEXT_SCHEMA, migrations()).catch(async (error) => {
        if (error instanceof PostgresUnavailableError) throw error;
        // A newer program made it, or it was left incomplete.
        await makeAnew(client, connectionString);
      });
      const pool = openPool(connectionString, NEXT_SCHEMA, report, CONNECTIONS);
      return new NextSchema(connectionString, client, pool);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw asOurs(error);
    }
  }

  readonly rows: RowStore;

  private constructor(
    private readonly connectionString: string,
    /** Holds the lock on filling the next schema. */
    private readonly client: Client,
    private readonly pool: Connections,
  ) {
    this.rows = new PostgresRowStore(pool);
  }

  async promote(catchUp: () => Promise<void>): Promise<void> {
    const until = performance.now() + SWITCH_WAIT_MS;
    while (!(await this.tryToSwitch(catchUp))) {
      if (performance.now() > until) {
        throw new Error(
          'A snapshot of the live read models has been read for too long, so the new ones could not replace them. Ask again when that export, replay or backup has ended.',
        );
      }
      await sleep(PAUSE_MS);
    }
    // If somebody still reads the old schema, the next rebuild waits for them and drops it.
    await this.client
      .query(`SET lock_timeout = ${SWITCH_LOCK_MS}; DROP SCHEMA ${OLD_SCHEMA} CASCADE`)
      .catch(() => undefined);
  }

  async startAgain(): Promise<void> {
    await makeAnew(this.client, this.connectionString).catch((error: unknown) => {
      throw asOurs(error);
    });
  }

  explain(error: unknown): string | undefined {
    return error instanceof PostgresUnavailableError ? error.message : undefined;
  }

  isDamage(error: unknown): boolean {
    return isOfMissing(error);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.client.end().catch(() => undefined);
  }

  /** Does work during which the switch's connection is used again and again, so that the server does not end it. */
  private async beating(work: () => Promise<void>): Promise<void> {
    let beat: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      beat = beat.then(() => this.client.query('SELECT 1')).catch(() => undefined);
    }, BEAT_MS);
    try {
      await work();
    } finally {
      clearInterval(timer);
      await beat;
    }
  }

  /** Returns whether it switched; `false` if readers of the live schema did not end in time. */
  private async tryToSwitch(catchUp: () => Promise<void>): Promise<boolean> {
    const checkpoints = `${LIVE_SCHEMA}.checkpoints`;
    await this.query(
      `BEGIN; SET LOCAL lock_timeout = ${COMMIT_LOCK_MS};
       SET LOCAL idle_in_transaction_session_timeout = ${SILENT_MS}`,
    );
    try {
      // From here on commits wait; readers do not.
      await this.query(`LOCK TABLE ${checkpoints} IN EXCLUSIVE MODE`);
      await this.beating(catchUp);
      await this.query(`SET LOCAL lock_timeout = ${SWITCH_LOCK_MS}`);
      await this.query(`LOCK TABLE ${checkpoints} IN ACCESS EXCLUSIVE MODE`);
      await this.query(`ALTER SCHEMA ${LIVE_SCHEMA} RENAME TO ${OLD_SCHEMA}`);
      await this.query(`ALTER SCHEMA ${NEXT_SCHEMA} RENAME TO ${LIVE_SCHEMA}`);
      await this.query('COMMIT');
      return true;
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      if (causeOf(error)?.code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }

  private async query(text: string): Promise<void> {
    await this.client.query(text).catch((error: unknown) => {
      throw asOurs(error);
    });
  }
}

async function makeAnew(client: Client, connectionString: string): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${NEXT_SCHEMA} CASCADE`);
  await migrateSchema(connectionString, NEXT_SCHEMA, migrations());
}

function causeOf(error: unknown): DatabaseError | undefined {
  const cause = error instanceof PostgresUnavailableError ? error.cause : error;
  return cause instanceof DatabaseError ? cause : undefined;
}
