import type { Kysely } from 'kysely';

import { ReadModel } from '../../src/read-model/queries';
import {
  CheckpointMovedError,
  NOTHING_READ,
  type Checkpoint,
  type RowChanges,
  type RowStore,
  type SessionRow,
  type StatementRow,
  type UsageLogRow,
} from '../../src/read-model/rows';
import type { ReadModelTables } from '../../src/read-model/tables';
import { noRows } from '../../src/projections/folded-rows';

/** What a read model gives its users. */
interface OpenReadModel {
  readonly rows: RowStore;
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/** A read model of a test: it may be opened several times, as by several processes. */
interface ReadModelPlace {
  open(): Promise<OpenReadModel>;
  remove(): Promise<void>;
}

/** In the order of code points: capitals before small letters, what is not ASCII last, and nothing is ignored. */
const IN_ORDER = ['A', 'B-1', 'B1', 'Z', '_', 'a', 'b', 'b 1', 'z', 'É', 'ß', 'é', 'ｚ', '😀'];

/** What every read model must do, whatever it lies in. */
export function readModelContract(
  name: string,
  make: () => Promise<ReadModelPlace>,
  suite: typeof describe.skip = describe,
): void {
  suite(`a read model in ${name}`, () => {
    let place: ReadModelPlace;
    let model: OpenReadModel;

    beforeAll(async () => {
      place = await make();
      model = await place.open();
    });
    afterAll(async () => {
      await model.close();
      await place.remove();
    });
    beforeEach(() => model.rows.clear());

    const commit = (changes: Partial<RowChanges>, position = 7, expected = 0) =>
      model.rows.commit({ ...noRows(), ...changes }, at(position), expected);

    it('begins where nothing was read', async () => {
      expect(await model.rows.checkpoint()).toEqual(NOTHING_READ);
      expect(await new ReadModel(model.queries).read((rows) => rows.standing())).toBeUndefined();
    });

    it('keeps the checkpoint as it was given, however large its numbers are', async () => {
      const next = { ...at(2 ** 53 - 1), recorded_at: 8.64e15, edge: ['0a', 'ff'] };
      await model.rows.commit(noRows(), next, 0);
      expect(await model.rows.checkpoint()).toEqual(next);
      const standing = await new ReadModel(model.queries).read((rows) => rows.standing());
      expect(standing).toMatchObject({ position: 2 ** 53 - 1, recordedAt: 8.64e15 });
    });

    it('writes every kind of row as it was given, and replaces it by its key', async () => {
      const given = everyKind('first');
      await commit(given);
      expect(await everyRow(model.queries)).toEqual(rowsOf(given));
      const again = { ...everyKind('second'), adjustments: [], requests: [] };
      await commit(again, 8, 7);
      expect(await everyRow(model.queries)).toEqual({
        ...rowsOf(again),
        adjustments: given.adjustments,
        requests: given.requests,
        // Of a tile that grew, the place of its first event stays.
        merkle_tiles: given.merkleTiles.map((tile) => ({ ...tile, hashes: 'second' })),
      });
    });

    it('keeps texts to the byte: JSON with its blanks, what is not ASCII, quotes and backslashes', async () => {
      const view = '{"b": 1,"a":"\\u0000 \\\\ \\"é😀\\ud800","c":1.0}\n';
      await commit({ sessions: [session('s', { view })] });
      expect((await model.rows.session('s'))?.view).toBe(view);
    });

    it('removes before it writes: a row that goes and comes again is there', async () => {
      await commit({ usageLogs: [log('s~1'), log('s~2')], waiting: [waiting('s', 1)] });
      await commit(
        {
          removedLogs: ['s~1', 's~2', 'none'],
          usageLogs: [log('s~2', { currency: 'USD' })],
          removedWaiting: [{ session_id: 's', attempt: 1 }],
          waiting: [waiting('s', 2)],
          removedStatements: [{ user_id: 'no', period: 'no' }],
        },
        8,
        7,
      );
      expect(await model.rows.sessionLogs('s')).toMatchObject([{ id: 's~2', currency: 'USD' }]);
      expect(await everyRow(model.queries)).toMatchObject({ waiting: [{ attempt: 2 }] });
    });

    it('writes the last of several rows with one key', async () => {
      await commit({
        sessions: [session('s', { view: 'one' }), session('t'), session('s', { view: 'two' })],
      });
      expect(await model.rows.session('s')).toMatchObject({ view: 'two' });
    });

    it('takes an adjustment and a request once, and nothing of a commit that brings one again', async () => {
      const { adjustments, requests } = everyKind('x');
      await commit({ adjustments, requests });
      for (const again of [{ adjustments }, { requests }]) {
        const outcome = commit({ ...again, sessions: [session('s')] }, 8, 7).then(
          () => 'taken',
          () => 'refused',
        );
        expect(await outcome).toBe('refused');
      }
      expect((await model.rows.checkpoint()).position).toBe(7);
      expect(await model.rows.session('s')).toBeUndefined();
    });

    it('writes thousands of rows at once', async () => {
      const sessions = Array.from({ length: 3_500 }, (_, number) => session(`s${number}`));
      await commit({ sessions });
      expect(await model.rows.sessionsFrom(0)).toHaveLength(3_500);
    });

    it('refuses who is not where the checkpoint is, and writes nothing of it', async () => {
      await commit({ sessions: [session('s')] });
      for (const expected of [0, 6, 8]) {
        const stale = commit({ sessions: [session('t')] }, 9, expected);
        await expect(stale).rejects.toThrow(CheckpointMovedError);
      }
      expect(await model.rows.session('t')).toBeUndefined();
      expect((await model.rows.checkpoint()).position).toBe(7);
    });

    it('lets one of two projectors through that write at once', async () => {
      const other = await place.open();
      try {
        await Promise.all([model.rows.checkpoint(), other.rows.checkpoint()]);
        const both = [model, other].map(({ rows }, number) =>
          rows.commit({ ...noRows(), sessions: [session(`of ${number}`)] }, at(7), 0),
        );
        const outcomes = await Promise.allSettled(both);
        const refused = outcomes.filter((one) => one.status === 'rejected');
        expect(refused.map((one) => one.reason as unknown)).toEqual([
          expect.any(CheckpointMovedError),
        ]);
        expect(await model.rows.sessionsFrom(0)).toHaveLength(1);
      } finally {
        await other.close();
      }
    });

    it('reads one snapshot, whatever is written meanwhile', async () => {
      const other = await place.open();
      try {
        await commit({ sessions: [session('s', { view: 'before' })] });
        await new ReadModel(other.queries).read(async (rows) => {
          expect((await rows.session('s'))?.view).toBe('before');
          await commit({ sessions: [session('s', { view: 'after' })] }, 8, 7);
          expect((await rows.session('s'))?.view).toBe('before');
          expect((await rows.standing())?.position).toBe(7);
        });
        await new ReadModel(other.queries).read(async (rows) => {
          expect((await rows.session('s'))?.view).toBe('after');
          expect((await rows.standing())?.position).toBe(8);
        });
      } finally {
        await other.close();
      }
    });

    it('clears all tables, and begins again', async () => {
      await commit(everyKind('x'));
      await model.rows.clear();
      expect(Object.values(await everyRow(model.queries)).flat()).toEqual([]);
      expect(await model.rows.checkpoint()).toEqual(NOTHING_READ);
      await commit(everyKind('x'));
    });

    it('orders texts by code point, and compares them to the letter', async () => {
      const ids = [...IN_ORDER].reverse();
      await commit({
        statements: ids.map((user_id) => statement(user_id)),
        waiting: ids.map((id) => waiting(id, 1)),
      });
      await new ReadModel(model.queries).read(async (rows) => {
        const all = await rows.periodStatements('2026-10', '', 100);
        expect(all.map((row) => row.user_id)).toEqual(IN_ORDER);
        const rest = await rows.periodStatements('2026-10', 'b', 100);
        expect(rest.map((row) => row.user_id)).toEqual(IN_ORDER.slice(IN_ORDER.indexOf('b') + 1));
        const waits = await rows.waiting(undefined, 100);
        expect(waits.map((row) => row.session_id)).toEqual(IN_ORDER);
        expect(await rows.statement('É', '2026-10')).toBeDefined();
        expect(await rows.statement('E\u0301', '2026-10')).toBeUndefined();
      });
    });

    it('pages through listings by a place, to the letter', async () => {
      const logs = ['a', 'B', 'b'].flatMap((id) =>
        [1, 2].map((attempt) => log(`${id}~${attempt}`, { session_id: id, attempt })),
      );
      await commit({ usageLogs: logs });
      const order = ['B~1', 'B~2', 'a~1', 'a~2', 'b~1', 'b~2'];
      await new ReadModel(model.queries).read(async (rows) => {
        const newest = await rows.userLogs('ann', {}, undefined, 3);
        expect(newest.map((row) => row.id)).toEqual(['b~2', 'b~1', 'a~2']);
        const older = await rows.userLogs('ann', {}, newest.at(-1), 10);
        expect(older.map((row) => row.id)).toEqual(['a~1', 'B~2', 'B~1']);
        const between = await rows.userLogsBetween('ann', 0, 2_000, logs[2], 10);
        expect(between.map((row) => row.id)).toEqual(order.slice(1));
        const period = await rows.periodLogs('2026-10', logs[0]!, 10);
        expect(period.map((row) => row.id)).toEqual(order.slice(3));
      });
    });

    it('gives the fold what it asks for: a statement from a place on, and the log before it', async () => {
      const late = log('z~1', { session_id: 'z', late_position: 5, completed_at: 1 });
      const logs = [
        log('a~1', { session_id: 'a' }),
        log('b~1', { session_id: 'b', completed_at: 900 }),
        log('B~1', { session_id: 'B' }),
        late,
        log('other', { user_id: 'bob' }),
      ];
      await commit({ usageLogs: logs });
      const key = { user_id: 'ann', period: '2026-10' };
      const ids = async (from: UsageLogRow) =>
        (await model.rows.logsFrom(key, from)).map((row) => row.id);
      expect(await ids(logs[1]!)).toEqual(['b~1', 'B~1', 'a~1', 'z~1']);
      expect(await ids(logs[0]!)).toEqual(['a~1', 'z~1']);
      expect((await model.rows.logBefore(key, logs[0]!))?.id).toBe('B~1');
      expect((await model.rows.logBefore(key, late))?.id).toBe('a~1');
      expect(await model.rows.logBefore(key, logs[1]!)).toBeUndefined();
      expect(await model.rows.logsFrom({ ...key, period: '2026-11' }, logs[1]!)).toEqual([]);
    });

    it("gives the fold sessions by when and whose they are, and a session's logs alone", async () => {
      await commit({
        sessions: [
          session('a', { last_at: 1 }),
          session('b', { last_at: 2 }),
          session('c', { last_at: 2, user_id: 'bob' }),
        ],
        usageLogs: [
          log('s~1', { transcription_type: 'initial', billing_period: '2026-09' }),
          log('s~2', { attempt: 2, transcription_type: 'retry_failed' }),
          log('s~2~1', { attempt: 2 }),
          log('s1~1', { session_id: 's1' }),
          log('S~1', { session_id: 'S' }),
        ],
        accounts: [{ user_id: 'ann', account: '{}' }],
      });
      expect([...(await model.rows.sessionsFrom(2))].sort()).toEqual(['b', 'c']);
      expect(await model.rows.sessionsFrom(2, 'bob')).toEqual(['c']);
      const logs = await model.rows.sessionLogs('s');
      expect(logs.map((row) => row.id).sort()).toEqual(['s~1', 's~2', 's~2~1']);
      expect(await model.rows.sessionsSplitBy('2026-10')).toEqual(['s']);
      expect(await model.rows.sessionsSplitBy('2026-09')).toEqual([]);
      expect(await model.rows.account('ann')).toEqual({ user_id: 'ann', account: '{}' });
      expect(await model.rows.account('Ann')).toBeUndefined();
    });

    it('answers what was read ahead as it answers one by one, until the next commit', async () => {
      const key = { user_id: 'ann', period: '2026-10' };
      const ask = async ({ rows }: OpenReadModel) => ({
        sessions: [await rows.session('s'), await rows.session('none')],
        logs: [await rows.sessionLogs('s'), await rows.sessionLogs('none')],
        accounts: [await rows.account('ann'), await rows.account('none')],
        statements: [await rows.statement(key), await rows.statement({ ...key, period: 'none' })],
      });
      const readAhead = () =>
        model.rows.readAhead?.({
          sessions: ['s', 'none'],
          logsOf: ['s', 'none'],
          accounts: ['ann', 'none'],
          statements: [key, { ...key, period: 'none' }],
        });
      await commit(everyKind('one'));
      const plain = await ask(model);
      expect(plain.sessions).toMatchObject([{ session_id: 's' }, undefined]);
      await readAhead();
      expect(await ask(model)).toEqual(plain);
      await readAhead();
      await commit({ ...everyKind('two'), adjustments: [], requests: [] }, 8, 7);
      expect((await ask(model)).sessions).toMatchObject([{ view: 'two' }, undefined]);
    });
  });
}

function at(position: number): Checkpoint {
  const agreement = { ledger_id: 'x' } as unknown as Checkpoint['agreement'];
  return { position, size: position, recorded_at: 1_000, edge: [], agreement };
}

function session(session_id: string, more: Partial<SessionRow> = {}): SessionRow {
  const base = { session_id, user_id: 'ann', last_at: 1_000, open_since: null, open_attempt: null };
  return { ...base, memory: '{}', view: '{}', ...more };
}

function log(id: string, more: Partial<UsageLogRow> = {}): UsageLogRow {
  return {
    id,
    session_id: 's',
    attempt: 1,
    user_id: 'ann',
    billing_period: '2026-10',
    currency: 'TWD',
    late_position: 0,
    completed_at: 1_000,
    stt_provider: 'google',
    transcription_type: 'initial',
    view: '{}',
    after: '{}',
    ...more,
  };
}

function waiting(session_id: string, attempt: number) {
  return { session_id, attempt, user_id: 'ann', completed_at: 1_000, view: '{}' };
}

function statement(user_id: string): StatementRow {
  return { user_id, period: '2026-10', tail: '{}', summaries: '{}' };
}

/** A row of each table, with this text where one has no meaning to the tables. */
function everyKind(text: string) {
  const large = 2 ** 53 - 1;
  return {
    ...noRows(),
    sessions: [session('s', { view: text, memory: text, open_since: large, open_attempt: 2 })],
    usageLogs: [log('s~1', { view: text, after: text, late_position: large })],
    waiting: [{ ...waiting('s', 2), view: text }],
    statements: [{ ...statement('ann'), tail: text, summaries: text }],
    accounts: [{ user_id: 'ann', account: text }],
    adjustments: [
      {
        id: 'a',
        user_id: 'ann',
        billing_period: '2026-10',
        currency: 'TWD',
        voids: null,
        position: large,
        view: text,
      },
    ],
    requests: [{ scope: 'rate-cards', key: 'k', digest: 'd', answer: text }],
    merkleTiles: [
      {
        level: 0,
        number: 3,
        hashes: text,
        after_position: text.length,
        after_recorded_at: text.length,
      },
    ],
  } satisfies RowChanges;
}

function rowsOf(changes: RowChanges) {
  const { sessions, waiting: waits, statements, accounts, adjustments, requests } = changes;
  return {
    sessions,
    usage_logs: changes.usageLogs,
    waiting: waits,
    statements,
    accounts,
    adjustments,
    requests,
    merkle_tiles: changes.merkleTiles,
  };
}

async function everyRow(db: Kysely<ReadModelTables>) {
  const all = (table: keyof ReadModelTables) => db.selectFrom(table).selectAll().execute();
  return {
    sessions: await all('sessions'),
    usage_logs: await all('usage_logs'),
    waiting: await all('waiting'),
    statements: await all('statements'),
    accounts: await all('accounts'),
    adjustments: await all('adjustments'),
    requests: await all('requests'),
    merkle_tiles: await all('merkle_tiles'),
  };
}
