/**
 * The steps that create the kept tables. Each runs once, in this order, and never changes. Both databases accept the
 * SQL.
 */
export const KEPT_STEPS = {
  'webhooks and alerts': [
    `CREATE TABLE webhooks (
       id TEXT PRIMARY KEY,
       url TEXT NOT NULL,
       name TEXT NOT NULL,
       types TEXT NOT NULL,
       enabled INTEGER NOT NULL,
       secret TEXT NOT NULL,
       old_secret TEXT,
       old_secret_until BIGINT,
       created_at BIGINT NOT NULL
     )`,
    `CREATE TABLE happenings (
       id TEXT PRIMARY KEY,
       type TEXT NOT NULL,
       body TEXT NOT NULL,
       created_at BIGINT NOT NULL,
       fanned_out INTEGER NOT NULL
     )`,
    `CREATE TABLE deliveries (
       id TEXT PRIMARY KEY,
       webhook_id TEXT NOT NULL,
       happening_id TEXT NOT NULL,
       status TEXT NOT NULL,
       tries INTEGER NOT NULL,
       step INTEGER NOT NULL,
       last_status INTEGER,
       last_error TEXT,
       next_try_at BIGINT,
       created_at BIGINT NOT NULL
     )`,
    `CREATE INDEX deliveries_due ON deliveries (webhook_id, next_try_at) WHERE status = 'waiting'`,
    `CREATE INDEX deliveries_listed ON deliveries (webhook_id, created_at, id)`,
    `CREATE INDEX deliveries_by_happening ON deliveries (happening_id)`,
    `CREATE INDEX happenings_by_time ON happenings (created_at)`,
    `CREATE TABLE alerts (
       id TEXT PRIMARY KEY,
       name TEXT NOT NULL,
       metric TEXT NOT NULL,
       threshold TEXT,
       share_of_limit TEXT,
       user_id TEXT,
       currency TEXT,
       from_period TEXT NOT NULL,
       created_at BIGINT NOT NULL
     )`,
    `CREATE TABLE follower (
       name TEXT PRIMARY KEY,
       position BIGINT NOT NULL
     )`,
  ],
  'webhooks that are turned off': [
    'ALTER TABLE webhooks ADD COLUMN off_because TEXT',
    'ALTER TABLE webhooks ADD COLUMN off_at BIGINT',
  ],
  'personal keys': [
    `CREATE TABLE personal_keys (
       key_id TEXT PRIMARY KEY,
       user_id TEXT NOT NULL,
       secret TEXT NOT NULL,
       created_at BIGINT NOT NULL,
       retired INTEGER NOT NULL
     )`,
    `CREATE UNIQUE INDEX personal_keys_in_use ON personal_keys (user_id) WHERE retired = 0`,
    `CREATE INDEX personal_keys_by_user ON personal_keys (user_id)`,
    `CREATE TABLE erasures (
       event_id TEXT PRIMARY KEY,
       position BIGINT NOT NULL,
       user_id TEXT NOT NULL,
       erased_at BIGINT NOT NULL
     )`,
    `CREATE INDEX erasures_by_user ON erasures (user_id)`,
  ],
  // In files alone: in PostgreSQL, instances share the table `append_gate`.
  'settled time': [
    `CREATE TABLE settled (
       name TEXT PRIMARY KEY,
       up_to BIGINT NOT NULL
     )`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
