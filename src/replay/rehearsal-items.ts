import { sql, type Kysely } from 'kysely';

/** What a user paid in a period and currency, and what the user would have paid. */
export interface RehearsalItem {
  readonly user_id: string;
  readonly period: string;
  readonly currency: string;
  /** Including adjustments, which stay as they were. */
  readonly paid_cents: number;
  readonly would_have_paid_cents: number;
  readonly difference_cents: number;
  /** The exact cost of usage, without adjustments. */
  readonly paid_cost: string;
  readonly would_have_cost: string;
}

/** The fields of an item, in the order of the CSV. */
export const ITEM_COLUMNS = [
  'user_id',
  'period',
  'currency',
  'paid_cents',
  'would_have_paid_cents',
  'difference_cents',
  'paid_cost',
  'would_have_cost',
] as const satisfies readonly (keyof RehearsalItem)[];

/** The key of an item, after which a page continues. */
export type ItemPlace = Pick<RehearsalItem, 'user_id' | 'period' | 'currency'>;

export interface ItemTables {
  items: RehearsalItem;
}

const PAGE = 500;

/** The items of a rehearsal, by user, period and currency, in a database that is deleted when it is closed. */
export class RehearsalItems {
  private readers = 0;
  private closed = false;

  private constructor(private readonly db: Kysely<ItemTables>) {}

  /** @param db an empty database; it is closed together with the items. */
  static async make(db: Kysely<ItemTables>): Promise<RehearsalItems> {
    await db.schema
      .createTable('items')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('paid_cents', 'bigint', (column) => column.notNull())
      .addColumn('would_have_paid_cents', 'bigint', (column) => column.notNull())
      .addColumn('difference_cents', 'bigint', (column) => column.notNull())
      .addColumn('paid_cost', 'text', (column) => column.notNull())
      .addColumn('would_have_cost', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('items_key', ['user_id', 'period', 'currency'])
      .execute();
    return new RehearsalItems(db);
  }

  async add(items: readonly RehearsalItem[]): Promise<void> {
    if (items.length > 0) await this.db.insertInto('items').values(items).execute();
  }

  /** Returns at most `limit` items after a key. */
  page(after: ItemPlace | undefined, limit: number): Promise<RehearsalItem[]> {
    let query = this.db.selectFrom('items').selectAll();
    if (after !== undefined) {
      const { user_id, period, currency } = after;
      query = query.where(
        sql<boolean>`(user_id, period, currency) > (${user_id}, ${period}, ${currency})`,
      );
    }
    return query.orderBy('user_id').orderBy('period').orderBy('currency').limit(limit).execute();
  }

  /** Returns all items, read page by page. They stay until the reading ends. */
  async *all(): AsyncGenerator<RehearsalItem> {
    this.readers += 1;
    try {
      for (let after: ItemPlace | undefined; ;) {
        const page = await this.page(after, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1);
      }
    } finally {
      this.readers -= 1;
      if (this.closed) await this.close();
    }
  }

  /** Releases the items once nobody reads them any more. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.readers === 0) await this.db.destroy();
  }
}
