import { followedTo, followStatement, followTo } from '../kept/followed';
import type { KeptTables, Statement } from '../kept/kept-tables';
import { BoundedMap } from '../lib/bounded-map';
import { happeningId, keepHappening, type Happening } from '../webhooks/happenings';

/** How many happenings one transaction keeps, and how many are remembered as kept. */
const AT_ONCE = 100;
const REMEMBERED = 200_000;
const FOLLOWER = 'happenings';
/** The row that is there while attempts without a price are to be looked for, because events were skipped. */
const SKIPPED = 'happenings skipped';

/** What webhooks have reported, and up to which position of the ledger. */
export class Told {
  private readonly known = new BoundedMap<string, true>(REMEMBERED);

  constructor(
    private readonly tables: KeptTables,
    private readonly ledgerId: string,
    private readonly now: () => number,
    /** Called with how many happenings a transaction kept. */
    private readonly kept: (happenings: number) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Keeps the happenings that are not kept yet, with their deliveries. @returns how many were new to this instance. */
  async keep(happenings: readonly Happening[]): Promise<number> {
    const fresh = happenings.filter((one) => this.known.get(happeningId(one)) === undefined);
    for (let from = 0; from < fresh.length; from += AT_ONCE) {
      const some = fresh.slice(from, from + AT_ONCE);
      const kept = await this.keptOf(some);
      const now = this.now();
      const unkept = some.filter((one) => !kept.has(happeningId(one)));
      if (unkept.length > 0) {
        await this.tables.batch(unkept.flatMap((one) => keepHappening(this.ledgerId, one, now)));
        await this.kept(unkept.length);
      }
      for (const one of some) this.known.set(happeningId(one), true);
    }
    return fresh.length;
  }

  /** Forgets what it knows to be kept: a server that takes over after a failure may lack the newest rows. */
  forget(): void {
    this.known.clear();
  }

  /** Returns the position up to which the ledger was followed; `undefined` if it never was. */
  position(): Promise<number | undefined> {
    return followedTo(this.tables, FOLLOWER);
  }

  moveTo(position: number): Promise<void> {
    return followTo(this.tables, FOLLOWER, position);
  }

  /** Moves past events that nobody will read: attempts without a price are to be looked for instead. */
  async skipTo(position: number): Promise<void> {
    await this.tables.batch([FOLLOWER, SKIPPED].map((name) => followStatement(name, position)));
  }

  /** Returns whether events were skipped, and nobody has looked for attempts without a price since. */
  async hasSkipped(): Promise<boolean> {
    return (await followedTo(this.tables, SKIPPED)) !== undefined;
  }

  /** Notes that attempts without a price were looked for. */
  async lookedForSkipped(): Promise<void> {
    await this.tables.batch([{ sql: 'DELETE FROM follower WHERE name = ?', values: [SKIPPED] }]);
  }

  private async keptOf(happenings: readonly Happening[]): Promise<ReadonlySet<string>> {
    const places = happenings.map(() => '?').join(', ');
    const sql = `SELECT id FROM happenings WHERE fanned_out = 1 AND id IN (${places})`;
    const rows = await this.tables.all<{ id: string }>(sql, happenings.map(happeningId));
    return new Set(rows.map(({ id }) => id));
  }
}

/** Makes following start from a position, unless it has started before. */
export function beginAt(position: number): Statement {
  return {
    sql: 'INSERT INTO follower (name, position) VALUES (?, ?) ON CONFLICT DO NOTHING',
    values: [FOLLOWER, position],
  };
}
