import type { GivenUpRoot } from '../../domain/ledger';
import type { Connections } from '../../postgres/pool';
import { inTransaction, query } from '../../postgres/statements';
import {
  allPublished,
  newestCosigned,
  UNPINNED_KEPT,
  type KeptRoot,
  type RootArchive,
  type RootFolder,
} from './root-archive';
import { readHandover } from './handover';
import { withSignaturesOf } from './signed-note';
import { counted } from '../../lib/counted';

/** Locks a note's row, so that concurrent additions to a note all survive. */
const KNOWN = 'SELECT note FROM signed_roots WHERE size = $1 FOR UPDATE';
/** How many roots are read at a time. */
const PAGE = 1_000;
const PUBLISHED = 'SELECT verifier_key FROM published_keys ORDER BY place';

/** Signed roots that several instances share, in tables of a schema that no rebuild drops. */
export class PostgresRootArchive implements RootArchive {
  constructor(private readonly connections: Connections) {}

  /** Copies all that a folder holds. What is here already stays, so an interrupted copy can be repeated. */
  async adopt(from: RootFolder): Promise<void> {
    await this.publishKeys(await from.publishedKeys());
    for (const note of await from.handovers()) {
      await this.keepHandover(readHandover(note)!.to.split('+')[1]!, note);
    }
    for (const { size, note } of await from.givenUp()) {
      await this.read(
        'INSERT INTO given_up_roots (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [size, note],
      );
    }
    for (const [keyId, { size, note }] of await from.cosignedBy()) {
      await this.read(
        'INSERT INTO cosigned_roots (key_id, size, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [keyId, size, note],
      );
    }
    for await (const root of from.all()) await this.keep(root, true);
  }

  async keep({ size, note }: KeptRoot, pinned: boolean): Promise<void> {
    await inTransaction(this.connections, async (connection) => {
      const { rows } = await connection.query<{ note: string }>(KNOWN, [size]);
      await connection.query(
        `INSERT INTO signed_roots (size, note, pinned) VALUES ($1, $2, $3)
         ON CONFLICT (size) DO UPDATE SET note = excluded.note,
           pinned = signed_roots.pinned OR excluded.pinned`,
        [size, withSignaturesOf(note, rows[0]?.note), pinned],
      );
      if (pinned) return;
      await connection.query(
        `DELETE FROM signed_roots WHERE NOT pinned AND size <= (SELECT size FROM signed_roots
           WHERE NOT pinned ORDER BY size DESC OFFSET $1 LIMIT 1)`,
        [UNPINNED_KEPT],
      );
    });
  }

  cosign({ size, note }: KeptRoot, line: string, keyId: string): Promise<string> {
    return inTransaction(this.connections, async (connection) => {
      const { rows } = await connection.query<{ note: string }>(KNOWN, [size]);
      const all = withSignaturesOf(`${note}${line}\n`, rows[0]?.note);
      await connection.query('UPDATE signed_roots SET note = $2 WHERE size = $1', [size, all]);
      await connection.query(
        `INSERT INTO cosigned_roots (key_id, size, note) VALUES ($1, $2, $3)
         ON CONFLICT (key_id) DO UPDATE SET size = excluded.size, note = excluded.note
           WHERE cosigned_roots.size <= excluded.size`,
        [keyId, size, all],
      );
      return all;
    });
  }

  async cosigned(): Promise<readonly KeptRoot[]> {
    // A reader may find a schema that no newer service has migrated yet.
    const [found] = await this.read<{ there: boolean }>(
      `SELECT to_regclass('cosigned_roots') IS NOT NULL AS there`,
    );
    if (!found!.there) return [];
    const rows = await this.read<{ note: string }>('SELECT note FROM cosigned_roots');
    return newestCosigned(rows.map(({ note }) => note));
  }

  async newest(): Promise<KeptRoot | undefined> {
    const text = 'SELECT size, note FROM signed_roots ORDER BY size DESC LIMIT 1';
    return (await this.read<KeptRoot>(text))[0];
  }

  async sizes(): Promise<readonly number[]> {
    const rows = await this.read<{ size: number }>('SELECT size FROM signed_roots ORDER BY size');
    return rows.map((row) => row.size);
  }

  async pinned(): Promise<readonly number[]> {
    const text = 'SELECT size FROM signed_roots WHERE pinned ORDER BY size';
    return (await this.read<{ size: number }>(text)).map((row) => row.size);
  }

  async at(size: number): Promise<KeptRoot> {
    const text = 'SELECT size, note FROM signed_roots WHERE size = $1';
    const [root] = await this.read<KeptRoot>(text, [size]);
    if (root === undefined) throw new Error(`No root of ${counted(size, 'event')} is kept.`);
    return root;
  }

  async *all(): AsyncGenerator<KeptRoot> {
    const text = 'SELECT size, note FROM signed_roots WHERE size > $1 ORDER BY size LIMIT $2';
    for (let after = -1; ;) {
      const page = await this.read<KeptRoot>(text, [after, PAGE]);
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)!.size;
    }
  }

  async publishKeys(verifierKeys: readonly string[]): Promise<void> {
    await inTransaction(this.connections, async (connection) => {
      await connection.query('LOCK TABLE published_keys IN EXCLUSIVE MODE');
      const { rows } = await connection.query<{ verifier_key: string }>(PUBLISHED);
      const all = allPublished(
        verifierKeys,
        rows.map((row) => row.verifier_key),
      );
      await connection.query('DELETE FROM published_keys');
      await connection.query(
        `INSERT INTO published_keys (place, verifier_key)
         SELECT place, key FROM unnest($1::text[]) WITH ORDINALITY AS given (key, place)`,
        [all],
      );
    });
  }

  async publishedKeys(): Promise<readonly string[]> {
    return (await this.read<{ verifier_key: string }>(PUBLISHED)).map((row) => row.verifier_key);
  }

  async keepHandover(keyId: string, note: string): Promise<void> {
    const text = `INSERT INTO handovers (key_id, note) VALUES ($1, $2)
      ON CONFLICT (key_id) DO UPDATE SET note = excluded.note`;
    await this.read(text, [keyId, note]);
  }

  async handovers(): Promise<readonly string[]> {
    const rows = await this.read<{ note: string }>('SELECT note FROM handovers ORDER BY key_id');
    return rows.map((row) => row.note);
  }

  async giveUp({ size, root }: GivenUpRoot): Promise<void> {
    await this.read(
      `WITH kept AS (
         DELETE FROM signed_roots WHERE size = $1 AND split_part(note, E'\\n', 3) = $2
         RETURNING size, note
       ), cosigned AS (
         DELETE FROM cosigned_roots WHERE size = $1 AND split_part(note, E'\\n', 3) = $2
         RETURNING size, note
       )
       INSERT INTO given_up_roots (size, note)
         SELECT size, note FROM (SELECT * FROM kept UNION ALL SELECT * FROM cosigned) AS copies
         ORDER BY length(note) DESC LIMIT 1
       ON CONFLICT DO NOTHING`,
      [size, Buffer.from(root, 'hex').toString('base64')],
    );
  }

  givenUp(): Promise<readonly KeptRoot[]> {
    return this.read<KeptRoot>('SELECT size, note FROM given_up_roots ORDER BY size');
  }

  private async read<R>(text: string, values?: readonly unknown[]): Promise<R[]> {
    return query(this.connections, async (connection) => {
      const { rows } = await connection.query<R>(text, values);
      return rows;
    });
  }
}
