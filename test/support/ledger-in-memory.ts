import type { Agreement } from '../../src/domain/account/agreement';
import type { Drafts } from '../../src/domain/account/drafts';
import { Terms } from '../../src/domain/account/terms';
import { readCloudEvent } from '../../src/domain/events/cloud-event';
import type { Fact, Json } from '../../src/domain/events/facts';
import { parseRateCard } from '../../src/domain/rating/rate-card';
import type { OpeningTerms } from '../../src/domain/ledger';
import { parsePlans } from '../../src/domain/plan/parse-plans';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import { openLedger } from '../../src/ledger/open-ledger';
import { Recorder } from '../../src/ledger/recorder';
import type { FactVerdict } from '../../src/ledger/session-writer';
import { personalKeysInMemory } from './personal-keys';
import { MAX_PAGE, START } from '../../src/event-store/port';
import { BillingFold, segments } from '../../src/projections/billing-fold';
import { project } from '../../src/projections/project';
import { SplitFacts } from '../../src/projections/split-facts';
import { UsersFolder } from '../../src/projections/users-folder';
import { ReadModelSnapshot } from '../../src/read-model/queries';
import { RatedLogs } from '../../src/read-model/rated-logs';
import type { PeriodSumsRow, UsageDayRow, UsageLogRow } from '../../src/read-model/rows';
import { SqliteReadModel } from '../../src/read-model/sqlite/sqlite-read-model';
import { TABLE_KEYS, type ReadModelTables } from '../../src/read-model/tables';
import type { SummaryCounts, UsageLogView, WaitingView } from '../../src/read-model/views';
import type { CloudEvent, RawCard, RawPlan } from '../../src/checker/derivation/reference';

/** A time after everything that the generators make. */
export const NOW = Date.parse('2026-11-20T00:00:00.000Z');

/** The terms with which a test's ledger opens, in the form that people write. */
export function openingTerms(
  cards: readonly RawCard[],
  plans: Readonly<Record<string, RawPlan>>,
): OpeningTerms {
  return {
    rateCards: cards.map(({ rate_card_id: _, ...card }) =>
      parseRateCard(card as unknown as Json, 0),
    ),
    plans: parsePlans(plans as unknown as Json),
  };
}

/** Shared by all ledgers of a test, so that the values sealed by any of them can be read. */
const PERSONAL_KEYS = personalKeysInMemory();

/** The contents of a read model, in a form that can be compared. */
export interface Rows {
  readonly logs: readonly UsageLogView[];
  readonly waiting: readonly WaitingView[];
  readonly statements: readonly {
    user_id: string;
    period: string;
    currency: string;
    counts: SummaryCounts;
  }[];
  /** The number of marks in all statements. */
  readonly marks: number;
  readonly days: readonly UsageDayRow[];
  readonly sums: readonly PeriodSumsRow[];
  /** Every row of every table, for comparisons of read models. */
  readonly all: string;
}

/** A ledger with real parts, but no disk: recorder, memory store, and projection into SQLite in memory. */
export class LedgerInMemory {
  readonly store = new MemoryEventStore();
  readonly keys = PERSONAL_KEYS;
  readonly recorder = new Recorder(this.store, () => NOW, this.keys);

  private constructor() {}

  static async open(terms: OpeningTerms, zone = 'UTC'): Promise<LedgerInMemory> {
    const ledger = new LedgerInMemory();
    await openLedger(ledger.store, terms, zone, NOW);
    return ledger;
  }

  /** Records events that must all be sound; returns one verdict each. */
  send(events: readonly CloudEvent[]): Promise<readonly FactVerdict[]> {
    return this.recorder.record(events.map(factOf));
  }

  /** The rows of a read model filled from nothing. */
  rows(pageSize: number): Promise<Rows> {
    return projected(this.store, pageSize);
  }
}

/** The rows that a store's events produce, up to a position. */
export async function projected(
  store: MemoryEventStore,
  pageSize: number,
  upTo?: number,
): Promise<Rows> {
  return readRows(await projectedModel(store, pageSize, upTo));
}

/** The read model that a store's events produce, up to a position. The next call reuses its database. */
export async function projectedModel(
  store: MemoryEventStore,
  pageSize: number,
  upTo?: number,
): Promise<SqliteReadModel> {
  const model = await emptyModel();
  await project(store, model.rows, upTo ?? (await store.head()), () => undefined, { pageSize });
  return model;
}

/**
 * Like {@link projected}, with a fold that forgets. With `every`, it forgets everything after each so many events, as
 * at a restart. With `kept`, it caches only so many sessions and statements, and forgets the least recently used.
 */
export async function projectedForgetting(
  store: MemoryEventStore,
  how: { readonly every?: number; readonly kept?: number },
): Promise<Rows> {
  return readRows(await forgettingModel(store, how));
}

async function forgettingModel(
  store: MemoryEventStore,
  {
    every = Infinity,
    kept,
    drafts,
  }: { readonly every?: number; readonly kept?: number; readonly drafts?: Drafts },
): Promise<SqliteReadModel> {
  const model = await emptyModel();
  const caches = { sessions: kept, statements: kept };
  const begin = () => new BillingFold(store, model.rows, { ...caches, drafts });
  let fold = begin();
  let folded = 0;
  for (const segment of segments(await store.readAll(START, MAX_PAGE))) {
    for (const event of segment) {
      if (folded > 0 && folded % every === 0) fold = begin();
      folded += 1;
      const checkpoint = await model.rows.checkpoint();
      const { changes, next } = await fold.fold([event], checkpoint);
      await model.rows.commit(changes, next, checkpoint.position);
    }
  }
  return model;
}

/** All rows under the drafts of a rehearsal, as text: once with everything in memory, once with a fold that forgets. */
export async function rehearsed(
  store: MemoryEventStore,
  drafts: Drafts,
  every: number,
): Promise<{ readonly once: string; readonly forgetting: string }> {
  const model = await emptyModel();
  await project(store, model.rows, await store.head(), () => undefined, { drafts });
  const once = await allRows(model);
  return { once, forgetting: await allRows(await forgettingModel(store, { every, drafts })) };
}

/** Like {@link projected}, with the rows of an event that derives many sessions again written in parts. */
export async function projectedInParts(
  store: MemoryEventStore,
  sessionsAPart: number,
): Promise<{ readonly rows: Rows; readonly parts: number }> {
  const model = await emptyModel();
  const write = jest.spyOn(model.rows, 'writePart');
  const options = { pageSize: 1_000, sessionsAPart };
  await project(store, model.rows, await store.head(), () => undefined, options);
  const parts = write.mock.calls.length;
  write.mockRestore();
  return { rows: await readRows(model), parts };
}

/** Like {@link projected}, with users folded in parallel: each folder reads the rows that the writer committed. */
export async function projectedSplit(
  store: MemoryEventStore,
  {
    pageSize,
    folders,
    least,
  }: { readonly pageSize: number; readonly folders: number; readonly least: number },
): Promise<Rows> {
  const model = await emptyModel();
  const { rows } = model;
  const some = Array.from({ length: folders }, () => new UsersFolder(store, rows));
  const split = new SplitFacts(some, least);
  await project(store, rows, await store.head(), () => undefined, { pageSize, split });
  return readRows(model);
}

function factOf(event: CloudEvent): Fact {
  const reading = readCloudEvent(event as unknown as Json, NOW);
  if ('fact' in reading) return reading.fact;
  throw new Error(`A generated event is not sound: ${JSON.stringify(reading.refusal)}`);
}

let shared: SqliteReadModel | undefined;
const TABLES = Object.keys(TABLE_KEYS) as (keyof ReadModelTables)[];

/** One database for all histories: creating its schema costs more than most histories. */
export async function emptyModel(): Promise<SqliteReadModel> {
  shared ??= await SqliteReadModel.inMemory();
  for (const table of TABLES) {
    if (table !== 'checkpoints') await shared.queries.deleteFrom(table).execute();
  }
  await shared.queries
    .updateTable('checkpoints')
    .set({ position: 0, size: 0, recorded_at: 0, edge: '', agreement: null })
    .execute();
  return shared;
}

/** All rows of a read model, as a text that can be compared. */
export async function allRows(model: Pick<SqliteReadModel, 'queries'>): Promise<string> {
  return JSON.stringify(await readTables(model), undefined, 1);
}

type Tables = { [Table in keyof ReadModelTables]: readonly ReadModelTables[Table][] };

async function readTables({ queries }: Pick<SqliteReadModel, 'queries'>): Promise<Tables> {
  const tables = {} as Tables;
  for (const table of TABLES) {
    let query = queries.selectFrom(table).selectAll();
    for (const column of TABLE_KEYS[table]) query = query.orderBy(queries.dynamic.ref(column));
    Object.assign(tables, { [table]: await query.execute() });
  }
  return tables;
}

async function readRows({ queries }: SqliteReadModel): Promise<Rows> {
  const logs = await queries
    .selectFrom('usage_logs')
    .selectAll()
    .orderBy('billing_period')
    .orderBy('user_id')
    .orderBy('late_position')
    .orderBy('completed_at')
    .orderBy('session_id')
    .orderBy('attempt')
    .execute();
  const tables = await readTables({ queries });
  const byPeriod = tables.statements.toSorted((a, b) =>
    a.period === b.period ? 0 : a.period < b.period ? -1 : 1,
  );
  return {
    logs: await shownLogs(queries, logs),
    waiting: tables.waiting.map((row) => JSON.parse(row.view) as WaitingView),
    statements: byPeriod.flatMap(({ user_id, period, summaries }) =>
      Object.entries(JSON.parse(summaries) as Record<string, SummaryCounts>).map(
        ([currency, counts]) => ({ user_id, period, currency, counts }),
      ),
    ),
    marks: tables.marks.length,
    days: tables.usage_days,
    sums: tables.period_sums,
    all: JSON.stringify(tables, undefined, 1),
  };
}

/** Logs as people see them: rated when they are read. */
export async function shownLogs(
  queries: SqliteReadModel['queries'],
  rows: readonly UsageLogRow[],
): Promise<UsageLogView[]> {
  const snapshot = new ReadModelSnapshot(queries, {
    secrets: (ids) => PERSONAL_KEYS.secrets(ids),
    // The rows may be of any ledger, and tell themselves who was erased.
    erasedAt: () => Promise.resolve(new Map()),
  });
  const standing = await snapshot.standing();
  if (standing === undefined) return [];
  const terms = new Terms(JSON.parse(standing.agreement) as Agreement);
  return new RatedLogs(snapshot, terms).of(rows);
}
