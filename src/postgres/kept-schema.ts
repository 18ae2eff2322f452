import { sql, type Kysely, type Migration } from 'kysely';

import { KEPT_STEPS } from '../kept/steps';

/** The schema of the tables that no rebuild drops. */
export const KEPT_SCHEMA = 'minutebook';

/** The schema's migrations, by name. Each runs once, in this order, and never changes. */
export const KEPT_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '2026-11-25 keys, roots and instances': {
    async up(db: Kysely<unknown>): Promise<void> {
      const statements = [
        sql`CREATE TABLE signing_keys (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          private_key text NOT NULL,
          created_at bigint NOT NULL
        )`,
        sql`CREATE TABLE signed_roots (
          size bigint PRIMARY KEY,
          note text NOT NULL,
          pinned boolean NOT NULL
        )`,
        sql`CREATE INDEX signed_roots_unpinned ON signed_roots (size) WHERE NOT pinned`,
        sql`CREATE TABLE published_keys (
          place integer PRIMARY KEY,
          verifier_key text NOT NULL
        )`,
        sql`CREATE TABLE handovers (
          key_id text PRIMARY KEY,
          note text NOT NULL
        )`,
        sql`CREATE TABLE presences (
          id text PRIMARY KEY,
          beat_at timestamptz NOT NULL
        )`,
        sql`CREATE TABLE leases (
          name text PRIMARY KEY,
          generation bigint NOT NULL,
          holder text NOT NULL,
          taken_at timestamptz NOT NULL
        )`,
        sql`CREATE TABLE append_gate (
          one boolean PRIMARY KEY DEFAULT true CHECK (one),
          stamp_after bigint NOT NULL
        )`,
        sql`INSERT INTO append_gate (stamp_after) VALUES (0)`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
  '2026-11-28 signed head, owner and roots given up': {
    async up(db: Kysely<unknown>): Promise<void> {
      const statements = [
        sql`CREATE TABLE signed_head (
          one boolean PRIMARY KEY DEFAULT true CHECK (one),
          size bigint NOT NULL,
          root text NOT NULL
        )`,
        sql`CREATE TABLE owner (
          one boolean PRIMARY KEY DEFAULT true CHECK (one),
          ledger_id text NOT NULL
        )`,
        sql`CREATE TABLE given_up_roots (
          size bigint,
          note text,
          PRIMARY KEY (size, note)
        )`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
  '2026-11-29 API keys': {
    async up(db: Kysely<unknown>): Promise<void> {
      const statements = [
        sql`CREATE TABLE secrets (
          name text PRIMARY KEY,
          value bytea NOT NULL
        )`,
        sql`CREATE TABLE api_keys (
          id text PRIMARY KEY,
          hash bytea NOT NULL UNIQUE,
          role text NOT NULL,
          name text NOT NULL,
          source text,
          user_id text,
          expires_at bigint,
          created_at bigint NOT NULL,
          last_used_on text,
          revoked_at bigint
        )`,
        sql`CREATE INDEX api_keys_revoked ON api_keys (id) WHERE revoked_at IS NOT NULL`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
  '2026-11-29 webhooks and alerts': keptStep('webhooks and alerts'),
  '2026-11-29 cosigned roots': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`CREATE TABLE cosigned_roots (
        key_id text PRIMARY KEY,
        size bigint NOT NULL,
        note text NOT NULL
      )`.execute(db);
    },
  },
  '2026-11-29 webhooks that are turned off': keptStep('webhooks that are turned off'),
  '2026-11-29 personal keys': keptStep('personal keys'),
};

/** Makes a migration from a step that both databases share. */
function keptStep(name: keyof typeof KEPT_STEPS): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of KEPT_STEPS[name]) await sql.raw(statement).execute(db);
    },
  };
}
