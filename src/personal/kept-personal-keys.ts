import type { PersonalKey } from '../domain/events/sealing';
import { StoreError } from '../event-store/errors';
import type { KeptTables, Statement } from '../kept/kept-tables';
import { BoundedMap } from '../lib/bounded-map';
import { OneAtATime } from '../lib/one-at-a-time';
import { newPersonalKey } from './new-key';
import type { Erased, Erasure, PersonalSecrets, SealingKeys } from './personal-keys';

/** How many keys are cached, by user and by id. */
const REMEMBERED = 20_000;
/** The most values in one statement. */
const AT_ONCE = 200;

interface KeyRow {
  readonly key_id: string;
  readonly user_id: string;
  readonly secret: string;
}

/** Looks up keys and erasures on each call, so that nobody reads what has just been erased. */
export class KeptPersonalSecrets implements PersonalSecrets, Erased {
  constructor(protected readonly tables: Pick<KeptTables, 'all'>) {}

  async secrets(ids: Iterable<string>): Promise<Map<string, Buffer>> {
    const sql = 'SELECT key_id, secret FROM personal_keys WHERE key_id IN';
    const rows = await this.each<Pick<KeyRow, 'key_id' | 'secret'>>(sql, [...new Set(ids)]);
    return new Map(rows.map((row) => [row.key_id, Buffer.from(row.secret, 'base64url')]));
  }

  async erasedAt(userIds: readonly string[]): Promise<Map<string, number>> {
    const sql = 'SELECT user_id, position FROM erasures WHERE user_id IN';
    const rows = await this.each<{ user_id: string; position: number | string }>(sql, [
      ...new Set(userIds),
    ]);
    const erased = new Map<string, number>();
    for (const { user_id, position } of rows) {
      erased.set(user_id, Math.max(erased.get(user_id) ?? 0, Number(position)));
    }
    return erased;
  }

  /** Runs a query for a list of texts, in batches. Returns all rows. */
  protected async each<Row>(sql: string, texts: readonly string[], end = ''): Promise<Row[]> {
    const rows: Row[] = [];
    for (const some of chunksOf(texts)) {
      rows.push(...(await this.tables.all<Row>(`${sql} (${placesOf(some)})${end}`, some)));
    }
    return rows;
  }
}

/**
 * The keys of personal values, in `keys.db` or in PostgreSQL: for each user one key that seals new facts, and retired
 * ones.
 */
export class KeptPersonalKeys extends KeptPersonalSecrets implements SealingKeys {
  private readonly byUser = new BoundedMap<string, PersonalKey>(REMEMBERED);
  private readonly byId = new BoundedMap<string, Buffer>(REMEMBERED);
  /** Grows whenever the cache is cleared, so that what a query began to read earlier is not cached. */
  private generation = 0;
  private readonly scrubs = new OneAtATime();
  private nextScrub: Promise<void> | undefined;

  /** @param now milliseconds since 1970. */
  constructor(
    protected override readonly tables: KeptTables,
    private readonly now: () => number,
  ) {
    super(tables);
  }

  async sealing(userIds: ReadonlySet<string>): Promise<Map<string, PersonalKey>> {
    const keys = new Map<string, PersonalKey>();
    const unknown: string[] = [];
    for (const userId of userIds) {
      const key = this.byUser.get(userId);
      if (key === undefined) unknown.push(userId);
      else keys.set(userId, key);
    }
    if (unknown.length === 0) return keys;
    try {
      // Sorted, so that two instances never wait for each other's locks.
      await this.find(unknown.sort(), keys);
      const missing = unknown.filter((userId) => !keys.has(userId));
      if (missing.length > 0) {
        await this.make(missing);
        await this.find(missing, keys);
      }
    } catch (error) {
      throw new StoreError(
        'unavailable',
        'The keys of personal values could not be read or written, so nothing was recorded. Send the request again.',
        { cause: error },
      );
    }
    return keys;
  }

  override async secrets(ids: Iterable<string>): Promise<Map<string, Buffer>> {
    const secrets = new Map<string, Buffer>();
    const unknown: string[] = [];
    for (const id of ids) {
      const secret = this.byId.get(id);
      if (secret === undefined) unknown.push(id);
      else secrets.set(id, secret);
    }
    if (unknown.length === 0) return secrets;
    const { generation } = this;
    for (const [id, secret] of await super.secrets(unknown)) {
      if (generation === this.generation) this.byId.set(id, secret);
      secrets.set(id, secret);
    }
    return secrets;
  }

  forget(): void {
    this.generation += 1;
    this.byUser.clear();
    this.byId.clear();
  }

  /**
   * Retires a user's keys. The user's next facts are sealed under a new one; the old ones still open what they sealed.
   * @returns the ids of all keys of the user.
   */
  async retire(userId: string): Promise<string[]> {
    await this.tables.batch([
      { sql: 'UPDATE personal_keys SET retired = 1 WHERE user_id = ?', values: [userId] },
    ]);
    this.forget();
    return this.keysOf(userId);
  }

  /** Returns the ids of all keys of a user. */
  async keysOf(userId: string): Promise<string[]> {
    const sql = 'SELECT key_id FROM personal_keys WHERE user_id = ? ORDER BY key_id';
    const rows = await this.tables.all<Pick<KeyRow, 'key_id'>>(sql, [userId]);
    return rows.map((row) => row.key_id);
  }

  /**
   * Destroys the keys of recorded erasures, and stores these erasures. Call {@link scrub} afterwards.
   * @returns how many keys it destroyed.
   */
  async destroy(erasures: readonly Erasure[]): Promise<number> {
    let destroyed = 0;
    try {
      for (const { eventId, userId, position, erasedAt, keys } of erasures) {
        const deletions = chunksOf(keys).map((some): Statement => ({
          sql: `DELETE FROM personal_keys WHERE key_id IN (${placesOf(some)})`,
          values: some,
        }));
        const note: Statement = {
          sql: `INSERT INTO erasures (event_id, position, user_id, erased_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (event_id) DO UPDATE SET position = excluded.position`,
          values: [eventId, position, userId, erasedAt],
        };
        const changed = await this.tables.batch([...deletions, note]);
        destroyed += changed.slice(0, -1).reduce((sum, count) => sum + count, 0);
      }
    } finally {
      // Even if one erasure fails: those before it are done.
      this.forget();
    }
    return destroyed;
  }

  /**
   * Removes what destroyed keys left behind; tries twice, because a connection may break. It may have to wait for
   * others, so no request should wait for it. One runs at a time, for all who wanted it before it began: each takes one
   * of few connections.
   */
  scrub(): Promise<void> {
    const scrub = () => this.tables.scrub('personal_keys');
    return (this.nextScrub ??= this.scrubs.run(() => {
      this.nextScrub = undefined;
      return scrub().catch(scrub);
    }));
  }

  /** Returns the ids that have no key. */
  async missing(ids: readonly string[]): Promise<string[]> {
    const sql = 'SELECT key_id FROM personal_keys WHERE key_id IN';
    const rows = await this.each<Pick<KeyRow, 'key_id'>>(sql, ids);
    const there = new Set(rows.map((row) => row.key_id));
    return ids.filter((id) => !there.has(id));
  }

  async any(): Promise<boolean> {
    return (await this.tables.all('SELECT key_id FROM personal_keys LIMIT 1')).length > 0;
  }

  private async find(userIds: readonly string[], keys: Map<string, PersonalKey>): Promise<void> {
    const sql = 'SELECT key_id, user_id, secret FROM personal_keys WHERE user_id IN';
    const { generation } = this;
    for (const row of await this.each<KeyRow>(sql, userIds, ' AND retired = 0')) {
      const key = { id: row.key_id, secret: Buffer.from(row.secret, 'base64url') };
      if (generation === this.generation) {
        this.byUser.set(row.user_id, key);
        this.byId.set(key.id, key.secret);
      }
      keys.set(row.user_id, key);
    }
  }

  /** Makes keys, all in one transaction. If another instance has already made a user's key, that key stands. */
  private async make(userIds: readonly string[]): Promise<void> {
    const now = this.now();
    await this.tables.batch(
      chunksOf(userIds).map((some) => ({
        sql: `INSERT INTO personal_keys (key_id, user_id, secret, created_at, retired)
          VALUES ${some.map(() => '(?, ?, ?, ?, 0)').join(', ')}
          ON CONFLICT (user_id) WHERE retired = 0 DO NOTHING`,
        values: some.flatMap((userId) => {
          const { id, secret } = newPersonalKey();
          return [id, userId, secret.toString('base64url'), now];
        }),
      })),
    );
  }
}

/** Returns the placeholders of a list of values. */
export function placesOf(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

function chunksOf(texts: readonly string[]): (readonly string[])[] {
  const chunks: (readonly string[])[] = [];
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    chunks.push(texts.slice(from, from + AT_ONCE));
  }
  return chunks;
}
