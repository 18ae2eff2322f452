import fc from 'fast-check';

import type { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import type { Position } from '../../src/event-store/port';
import { BillingFold, segments } from '../../src/projections/billing-fold';
import { project } from '../../src/projections/project';
import { compareReadModels, type Sides } from '../../src/read-model/compare';
import type { Difference } from '../../src/read-model/difference';
import { ledgerHistory } from '../generators/ledgers';
import { projectedModel } from '../support/ledger-in-memory';
import { openPostgresLive, type LiveReadModel } from '../support/live-read-models';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../support/postgres';
import { storeOf } from '../support/stored-ledger';

/** For a long search: `RUNS=2000 npx jest test/laws/postgresql.long.spec.ts --testTimeout 3600000`. */
const RUNS = Math.ceil(Number(process.env['RUNS'] ?? 300) / 10);

const ledger = ledgerHistory({ gaps: true });

describeWithPostgres('the laws, with a read model in PostgreSQL', () => {
  let database: TestDatabase;
  let model: LiveReadModel;

  beforeAll(async () => {
    database = await newDatabase();
    model = await openPostgresLive(database.url);
  });
  afterAll(async () => {
    await model.close();
    await database.drop();
  });

  const fill = async (store: MemoryEventStore, pageSize: number) => {
    await model.rows.clear();
    // Few sessions, so that events that derive many again have their rows written in parts.
    const options = { pageSize, sessionsAPart: 2 };
    await project(store, model.rows, await store.head(), () => undefined, options);
  };

  it('gives the rows of SQLite to the byte, for any ledger and wherever pages end', async () => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(ledger, fc.integer({ min: 1, max: 40 }), async (entries, pageSize) => {
        const store = await storeOf(entries);
        await fill(store, pageSize);
        const { queries } = await projectedModel(store, 1_000);
        const sides = { live: model.queries, replayed: queries };
        expect(await differences(sides, (count) => (rows += count))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(rows).toBeGreaterThan(RUNS);
  });

  it('gives the rows of SQLite to the byte, whatever is still in memory', async () => {
    const histories = ledgerHistory({ gaps: false });
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 40 }), async (entries, pageSize) => {
        const store = await storeOf(entries);
        await model.rows.clear();
        for (;;) {
          // A new fold for each page has nothing in memory, like an instance that takes over.
          const fold = new BillingFold(store, model.rows);
          let checkpoint = await model.rows.checkpoint();
          const page = await store.readAll(checkpoint.position as Position, pageSize);
          if (page.length === 0) break;
          for (const segment of segments(page)) {
            const { changes, next } = await fold.fold(segment, checkpoint);
            await model.rows.commit(changes, next, checkpoint.position);
            checkpoint = next;
          }
        }
        const { queries } = await projectedModel(store, 1_000);
        expect(await differences({ live: model.queries, replayed: queries })).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('compared with SQLite, shows a row that was changed or removed, and what differs', async () => {
    const [entries] = fc.sample(
      ledger.filter((one) => one.filter((entry) => entry.type === 'fact').length > 5),
      { numRuns: 1, seed: 7 },
    );
    const store = await storeOf(entries!);
    await fill(store, 10);
    const { queries } = await projectedModel(store, 1_000);
    const sides = { live: model.queries, replayed: queries };
    const first = await model.queries.selectFrom('sessions').selectAll().executeTakeFirstOrThrow();
    const of = (session_id: string) => ['session_id', '=', session_id] as const;
    await model.queries
      .updateTable('sessions')
      .set({ last_at: 1 })
      .where(...of(first.session_id))
      .execute();
    expect(await differences(sides)).toMatchObject([
      { table: 'sessions', key: { session_id: first.session_id }, fields: ['last_at'] },
    ]);
    await model.queries
      .deleteFrom('sessions')
      .where(...of(first.session_id))
      .execute();
    expect(await differences(sides)).toMatchObject([
      { table: 'sessions', key: { session_id: first.session_id }, live: null },
    ]);
  });
});

async function differences(
  sides: Sides,
  onRows: (count: number) => void = () => undefined,
): Promise<Difference[]> {
  const found: Difference[] = [];
  const compared = compareReadModels(() => Promise.resolve(sides), {}, onRows);
  for await (const difference of compared) found.push(difference);
  return found;
}
