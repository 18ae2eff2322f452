import type { Kysely } from 'kysely';

import { ReadModel } from '../../src/read-model/queries';
import type { AdjustmentFilter } from '../../src/read-model/listings';
import {
  CheckpointMovedError,
  NOTHING_READ,
  type AdjustmentRow,
  type Checkpoint,
  type MarkRow,
  type PeriodSumsRow,
  type RowChanges,
  type RowStore,
  type SessionRow,
  type StatementRow,
  type UsageDayRow,
  type UsageLogRow,
} from '../../src/read-model/rows';
import type { ReadModelTables } from '../../src/read-model/tables';
import { noRows } from '../../src/projections/folded-rows';

/** What a read model offers. */
interface OpenReadModel {
  readonly rows: RowStore;
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/** A test's read model, which can be opened several times, as several processes would. */
interface ReadModelPlace {
  open(): Promise<OpenReadModel>;
  remove(): Promise<void>;
}

/** In code point order: capitals before small letters, non-ASCII last, and no character ignored. */
const IN_ORDER = ['A', 'B-1', 'B1', 'Z', '_', 'a', 'b', 'b 1', 'z', 'É', 'ß', 'é', 'ｚ', '😀'];

/** More logs than a store changes at once. */
const MANY_LOGS = 2_345;

/** What every read model must do, whatever database it uses. */
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

    it('returns the checkpoint as it was written, however large its numbers are', async () => {
      const next = { ...at(2 ** 53 - 1), recorded_at: 8.64e15, edge: ['0a', 'ff'] };
      await model.rows.commit(noRows(), next, 0);
      expect(await model.rows.checkpoint()).toEqual(next);
      const standing = await new ReadModel(model.queries).read((rows) => rows.standing());
      expect(standing).toMatchObject({ position: 2 ** 53 - 1, recordedAt: 8.64e15 });
    });

    it('is refused if a newer version, with the same tables, has kept a card that this one does not know', async () => {
      const card = { rate_card_id: 'c-1', at_weekends: '1.5', surcharges: {}, prices: {} };
      const newer = { cards: [card], plans: {} } as unknown as Checkpoint['agreement'];
      await model.rows.commit(noRows(), { ...at(7), agreement: newer }, 0);
      await expect(model.rows.checkpoint()).rejects.toThrow(
        'The rate card c-1 has a field at_weekends, which this program does not know. A newer Minutebook wrote it: run that version or a later one.',
      );
    });

    it('writes every kind of row as given, and replaces a row by its key', async () => {
      const given = everyKind('first');
      await commit(given);
      expect(await everyRow(model.queries)).toEqual(rowsOf(given));
      const again = { ...everyKind('second'), adjustments: [], requests: [] };
      await commit(again, 8, 7);
      expect(await everyRow(model.queries)).toEqual({
        ...rowsOf(again),
        adjustments: given.adjustments,
        requests: given.requests,
        // A tile that grew keeps the position of its first event.
        merkle_tiles: given.merkleTiles.map((tile) => ({ ...tile, hashes: 'second' })),
      });
    });

    it('keeps texts to the byte: JSON with its spaces, non-ASCII, quotes and backslashes', async () => {
      const view = '{"b": 1,"a":"\\u0000 \\\\ \\"é😀\\ud800","c":1.0}\n';
      await commit({ sessions: [session('s', { view })] });
      expect((await model.rows.session('s'))?.view).toBe(view);
    });

    it('removes before it writes, so a row that is removed and written in one commit exists', async () => {
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

    it('accepts an adjustment and a request once, and nothing of a commit that repeats one', async () => {
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

    it('refuses a commit that expects another checkpoint, and writes nothing of it', async () => {
      await commit({ sessions: [session('s')] });
      for (const expected of [0, 6, 8]) {
        const stale = commit({ sessions: [session('t')] }, 9, expected);
        await expect(stale).rejects.toThrow(CheckpointMovedError);
      }
      expect(await model.rows.session('t')).toBeUndefined();
      expect((await model.rows.checkpoint()).position).toBe(7);
    });

    it('lets through one of two projectors that write at the same time', async () => {
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

    it('orders texts by code point, and compares them exactly', async () => {
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

    it('pages through listings after a position, with exact comparison', async () => {
      const logs = ['a', 'B', 'b'].flatMap((id) =>
        [1, 2].map((attempt) => log(`${id}~${attempt}`, { session_id: id, attempt })),
      );
      await commit({ usageLogs: logs });
      const order = ['B~1', 'B~2', 'a~1', 'a~2', 'b~1', 'b~2'];
      await new ReadModel(model.queries).read(async (rows) => {
        const newest = await rows.userLogs('ann', {}, undefined, 3);
        expect(newest.map((row) => row.id)).toEqual(['b~2', 'b~1', 'a~2']);
        const last = { ...newest.at(-1)!, period: '2026-10' };
        const older = await rows.userLogs('ann', {}, last, 10);
        expect(older.map((row) => row.id)).toEqual(['a~1', 'B~2', 'B~1']);
        const range = { from: 0, to: 2_000, firstPeriod: '2026-10', lastPeriod: '2026-10' };
        const ann = { userId: 'ann', ...range };
        const between = await rows.userLogsBetween(ann, false, logs[2], 10);
        expect(between.map((row) => row.id)).toEqual(order.slice(1));
        const period = await rows.periodLogs('2026-10', logs[0]!, 10);
        expect(period.map((row) => row.id)).toEqual(order.slice(3));
      });
    });

    it('lists ids page by page, and those that contain a text in any case', async () => {
      const ids = ['A_1', 'a%2', 'aX1', 'ann', 'Anna', 'b!1', 'bob', 'hanno'];
      await commit({
        statements: ids.flatMap((user_id) => [
          statement(user_id),
          { ...statement(user_id), period: '2026-11' },
        ]),
        sessions: ids.map((id) => session(id)),
        usageLogs: ids.map((id) => log(`${id}~1`, { session_id: id })),
      });
      await new ReadModel(model.queries).read(async ({ listings }) => {
        for (const [kind, ending] of [
          ['users', ''],
          ['sessions', ''],
          ['logs', '~1'],
        ] as const) {
          const [inOrder, named] = [[...ids].sort(), (id: string) => `${id}${ending}`];
          const all = await listings.ids(kind, undefined, '', 100);
          expect(all).toEqual({ ids: inOrder.map(named), next: undefined });
          const first = await listings.ids(kind, undefined, '', 3);
          expect(first).toEqual({ ids: inOrder.slice(0, 3).map(named), next: first.ids.at(-1) });
          const rest = await listings.ids(kind, undefined, first.next!, 5);
          expect(rest).toEqual({ ids: inOrder.slice(3).map(named), next: undefined });
          // Nothing in the search text is a wildcard.
          for (const [part, found] of [
            ['ANN', ['Anna', 'ann', 'hanno']],
            ['a_', ['A_1']],
            ['%', ['a%2']],
            ['!', ['b!1']],
            ['zz', []],
          ] as const) {
            const { ids: ofPart, next } = await listings.ids(kind, part, '', 100);
            expect([part, ofPart, next]).toEqual([part, found.map(named), undefined]);
          }
          // One more exists; after it the pages end.
          expect(await listings.ids(kind, 'ann', '', 1)).toEqual({
            ids: [named('Anna')],
            next: named('Anna'),
          });
          const looks: (readonly string[])[] = [];
          for (let after: string | undefined = ''; after !== undefined;) {
            const look = await listings.ids(kind, 'ann', after, 100, 3);
            looks.push(look.ids);
            after = look.next;
          }
          expect(looks).toEqual([[named('Anna')], [named('ann')], [named('hanno')]]);
        }
        expect(await listings.userPeriods(['ann', 'none'])).toEqual([
          { user_id: 'ann', first_period: '2026-10', last_period: '2026-11' },
        ]);
        expect((await listings.sessions(['ann', 'none'])).map((row) => row.session_id)).toEqual([
          'ann',
        ]);
        expect((await listings.logs(['bob~1'])).map((row) => row.id)).toEqual(['bob~1']);
      });
    });

    it('lists adjustments and writes, newest first, before a position', async () => {
      const adjustment = (position: number, more: Partial<AdjustmentRow> = {}) => ({
        ...everyKind('x').adjustments[0]!,
        id: `a${position}`,
        position,
        ...more,
      });
      const adjustments = [
        adjustment(1),
        adjustment(2, { user_id: 'bob' }),
        adjustment(3, { billing_period: '2026-11' }),
        adjustment(4, { voids: 'a1' }),
      ];
      const requests = [1, 2, 3].map((position) => ({
        ...everyKind('x').requests[0]!,
        key: `k${position}`,
        position,
      }));
      await commit({ adjustments, requests });
      await new ReadModel(model.queries).read(async ({ listings }) => {
        const ids = async (filter: AdjustmentFilter, before = 100, limit = 100) =>
          (await listings.adjustments(filter, before, limit)).map((row) => row.id);
        expect(await ids({})).toEqual(['a4', 'a3', 'a2', 'a1']);
        expect(await ids({}, 4, 2)).toEqual(['a3', 'a2']);
        expect(await ids({ userId: 'ann' })).toEqual(['a4', 'a3', 'a1']);
        expect(await ids({ period: '2026-10' })).toEqual(['a4', 'a2', 'a1']);
        expect(await ids({ userId: 'ann', period: '2026-10' }, 4)).toEqual(['a1']);
        expect([...(await listings.voidsOf(['a1', 'a2']))]).toEqual([['a1', 'a4']]);
        const written = await listings.writes(3, 10);
        expect(written.map((row) => row.position)).toEqual([2, 1]);
      });
    });

    it("finds when a user's first and last log completed, late ones among them", async () => {
      const late = { late_position: 7, position: 7 };
      await commit({
        usageLogs: [
          log('a~1', { session_id: 'a', completed_at: 300, billing_period: '2026-09' }),
          log('b~1', { session_id: 'b', completed_at: 400 }),
          log('c~1', { session_id: 'c', completed_at: 200, ...late }),
          log('d~1', { session_id: 'd', completed_at: 900, user_id: 'bob', ...late }),
        ],
      });
      await new ReadModel(model.queries).read(async ({ listings }) => {
        expect(await listings.usageTimes('ann')).toEqual({ first: 200, last: 400 });
        expect(await listings.usageTimes('bob')).toEqual({ first: 900, last: 900 });
        expect(await listings.usageTimes('none')).toBeUndefined();
      });
    });

    it("lists a user's late logs among the others, by time", async () => {
      const late = { late_position: 7, position: 7, usage_period: '2026-09' };
      await commit({
        usageLogs: [
          log('a~1', { session_id: 'a', completed_at: 100, billing_period: '2026-09' }),
          log('b~1', { session_id: 'b', completed_at: 300, billing_period: '2026-09' }),
          log('c~1', { session_id: 'c', completed_at: 200, ...late }),
          log('d~1', { session_id: 'd', completed_at: 400 }),
          log('e~1', { session_id: 'e', completed_at: 500, user_id: 'bob', ...late }),
        ],
      });
      await new ReadModel(model.queries).read(async (rows) => {
        const all = await rows.userLogs('ann', {}, undefined, 10);
        expect(all.map((row) => row.id)).toEqual(['d~1', 'b~1', 'c~1', 'a~1']);
        const rest = await rows.userLogs('ann', {}, { ...all[1]!, period: '2026-09' }, 1);
        expect(rest.map((row) => row.id)).toEqual(['c~1']);
        const october = await rows.userLogs('ann', { period: '2026-10' }, undefined, 10);
        expect(october.map((row) => row.id)).toEqual(['d~1', 'c~1']);
        const range = { from: 150, to: 400, firstPeriod: '2026-09', lastPeriod: '2026-09' };
        const within = async (isLate: boolean) =>
          (await rows.userLogsBetween({ userId: 'ann', ...range }, isLate, undefined, 10)).map(
            (row) => row.id,
          );
        expect([await within(false), await within(true)]).toEqual([['b~1'], ['c~1']]);
      });
    });

    it('skips no log that shares time, session and attempt with another, whatever the size of a page', async () => {
      const twin = { session_id: 'b', completed_at: 200, usage_period: '2026-09' };
      await commit({
        usageLogs: [
          log('a~1', { session_id: 'a', completed_at: 100, billing_period: '2026-09' }),
          log('b~1', { ...twin, billing_period: '2026-09' }),
          log('b~1~5', { ...twin, late_position: 5, billing_period: '2026-10' }),
          log('b~1~9', { ...twin, late_position: 9, billing_period: '2026-11' }),
          log('c~1', { session_id: 'c', completed_at: 300, billing_period: '2026-09' }),
        ],
      });
      const newestFirst = ['c~1', 'b~1', 'b~1~5', 'b~1~9', 'a~1'];
      await new ReadModel(model.queries).read(async (rows) => {
        for (const size of [1, 2, 3, 4]) {
          const ids: string[] = [];
          for (let after: UsageLogRow | undefined; ;) {
            const from = after && { ...after, period: '2026-09' };
            const page = await rows.userLogs('ann', {}, from, size);
            if (page.length === 0) break;
            ids.push(...page.map((row) => row.id));
            after = page.at(-1);
          }
          expect(ids).toEqual(newestFirst);
        }
        const range = { from: 0, to: 400, firstPeriod: '2026-09', lastPeriod: '2026-09' };
        const ann = { userId: 'ann', ...range };
        const [first] = await rows.userLogsBetween(ann, true, undefined, 1);
        const [second] = await rows.userLogsBetween(ann, true, first, 1);
        expect([first!.id, second!.id]).toEqual(['b~1~5', 'b~1~9']);
        expect(await rows.userLogsBetween(ann, true, second, 1)).toEqual([]);
      });
    });

    it('gives the fold the marks of a statement, and the logs from one place to another', async () => {
      const late = log('z~1', { session_id: 'z', late_position: 5, completed_at: 1 });
      const logs = [
        log('a~1', { session_id: 'a', confidence_score: 0.1, speaker_count: 3 }),
        log('b~1', { session_id: 'b', completed_at: 900 }),
        log('B~1', { session_id: 'B' }),
        late,
        log('other', { user_id: 'bob' }),
      ];
      await commit({
        usageLogs: logs,
        marks: [mark(late), mark(logs[1]!), mark(logs[0]!), { ...mark(late), user_id: 'bob' }],
      });
      const key = { user_id: 'ann', period: '2026-10' };
      const ids = async (from: UsageLogRow, until?: UsageLogRow) =>
        (await model.rows.stretch(key, from, until)).map((row) => row.id);
      expect(await ids(logs[1]!)).toEqual(['b~1', 'B~1', 'a~1', 'z~1']);
      expect(await ids(logs[0]!)).toEqual(['a~1', 'z~1']);
      expect(await ids(logs[1]!, logs[0])).toEqual(['b~1', 'B~1']);
      expect(await ids(logs[1]!, logs[1])).toEqual([]);
      expect(await model.rows.stretch({ ...key, period: '2026-11' }, logs[1]!, undefined)).toEqual(
        [],
      );
      const [one] = await model.rows.stretch(key, logs[0]!, late);
      expect(one).toMatchObject({ confidence_score: 0.1, speaker_count: 3, rate_card_id: null });
      const found = await model.rows.marks(key);
      expect(found).toEqual([mark(logs[1]!), mark(logs[0]!), mark(late)]);
      await new ReadModel(model.queries).read(async (rows) => {
        expect(await rows.markAt(key, logs[2]!)).toEqual(mark(logs[1]!));
        expect(await rows.markAt(key, logs[0]!)).toEqual(mark(logs[0]!));
        expect(await rows.markAt(key, { ...logs[1]!, attempt: 0 })).toBeUndefined();
      });
      await commit({ removedMarks: [mark(late)], marks: [mark(logs[0]!, 'again')] }, 8, 7);
      expect(await model.rows.marks(key)).toEqual([mark(logs[1]!), mark(logs[0]!, 'again')]);
    });

    it('adds differences to sums exactly, and deletes sums that reach zero', async () => {
      const day = (cost: string, more: Partial<UsageDayRow> = {}): UsageDayRow => ({
        user_id: 'ann',
        day: '2026-10-01',
        currency: 'TWD',
        billing_period: '2026-10',
        transcriptions: 1,
        billed_seconds: '60',
        cost,
        cost_cents: 3,
        ...more,
      });
      const period = (kind: PeriodSumsRow['kind'], more: Partial<PeriodSumsRow> = {}) => ({
        ...{ period: '2026-10', kind, name: '', currency: 'TWD', users: 0, transcriptions: 1 },
        ...{ billed_seconds: '0.5', cost: '0.000000000001', cost_cents: 1, adjustments_cents: 0 },
        ...more,
      });
      const days = () => model.queries.selectFrom('usage_days').selectAll().execute();
      const sums = () => model.queries.selectFrom('period_sums').selectAll().execute();
      await commit({
        usageDays: [day('123456789012.000000000001'), day('1', { day: '2026-10-02' })],
        periodSums: [period('total', { users: 1, transcriptions: 0 }), period('day')],
      });
      await commit(
        {
          usageDays: [
            day('0.1', { transcriptions: 2, billed_seconds: '-59.5', cost_cents: -1 }),
            day('-1', { day: '2026-10-02', transcriptions: -1, billed_seconds: '-60' }),
          ],
          periodSums: [
            period('total', { transcriptions: 5, adjustments_cents: -70 }),
            period('day', { transcriptions: -1 }),
          ],
        },
        8,
        7,
      );
      expect(await days()).toEqual([
        day('123456789012.100000000001', {
          transcriptions: 3,
          billed_seconds: '0.5',
          cost_cents: 2,
        }),
      ]);
      const total = { users: 1, transcriptions: 5, billed_seconds: '1', cost: '0.000000000002' };
      expect(await sums()).toEqual([
        period('total', { ...total, cost_cents: 2, adjustments_cents: -70 }),
      ]);
      await new ReadModel(model.queries).read(async (rows) => {
        expect(await rows.usageDays('ann', '2026-10-01', '2026-10-01', 'TWD')).toHaveLength(1);
        expect(await rows.usageDays('ann', '2026-10-02', '2026-10-09', 'TWD')).toEqual([]);
        expect(await rows.statementPeriods()).toEqual(['2026-10']);
      });
      await commit({ periodSums: [period('total', { users: -1, transcriptions: -5 })] }, 9, 8);
      expect(await sums()).toEqual([]);
    });

    it('writes a commit in parts: only its store reads them before the commit ends', async () => {
      await commit({ accounts: [account('before')], sessions: [session('a')] });
      const seen = async ({ rows }: OpenReadModel) => [
        (await rows.account('ann'))?.account,
        (await rows.session('b'))?.view,
        (await rows.checkpoint()).position,
      ];
      const other = await place.open();
      try {
        await model.rows.writePart({ ...noRows(), accounts: [account('first')] }, 7);
        await model.rows.writePart({ ...noRows(), sessions: [session('b')] }, 7);
        expect(await seen(model)).toEqual(['first', '{}', 7]);
        expect(await seen(other)).toEqual(['before', undefined, 7]);
        await commit({ accounts: [account('last')] }, 8, 7);
        expect(await seen(other)).toEqual(['last', '{}', 8]);
        expect(await seen(model)).toEqual(['last', '{}', 8]);
      } finally {
        await other.close();
      }
      await commit({ accounts: [account('next')] }, 9, 8);
      expect(await seen(model)).toEqual(['next', '{}', 9]);
    });

    it('writes nothing of a commit in parts that is given up or fails', async () => {
      await commit({ accounts: [account('before')], adjustments: everyKind('x').adjustments });
      const part = { ...noRows(), accounts: [account('part')] };
      const is = async (text: string) =>
        expect((await model.rows.account('ann'))?.account).toBe(text);
      await model.rows.abandon();
      await model.rows.writePart(part, 7);
      await is('part');
      await model.rows.abandon();
      await is('before');
      // Another projector has moved on.
      await expect(model.rows.writePart(part, 6)).rejects.toThrow(CheckpointMovedError);
      await is('before');
      // A part that can't be written: the adjustment is there already.
      await model.rows.writePart(part, 7);
      const twice = { ...noRows(), adjustments: everyKind('x').adjustments };
      expect(await outcome(model.rows.writePart(twice, 7))).toBe('failed');
      await is('before');
      await model.rows.writePart(part, 7);
      expect(await outcome(commit(twice, 8, 7))).toBe('failed');
      await is('before');
      await commit({ accounts: [account('after')] }, 8, 7);
      expect(await model.rows.checkpoint()).toEqual(at(8));
      await is('after');
    });

    it('removes all that is personal from the logs of a user, however many there are, and from no other', async () => {
      const personal = '{"original_filename":"a.wav","word_count":7,"filename_in":{"sealed":"x"}}';
      const logs = Array.from({ length: MANY_LOGS }, (_, index) =>
        log(`s-${index}~1`, {
          session_id: `s-${index}`,
          // Many in one month at one time, so that only the session tells them apart.
          billing_period: index % 3 === 0 ? '2026-09' : '2026-10',
          late_position: index % 5 === 0 ? 4 : 0,
          completed_at: index % 7 === 0 ? 2_000 : 1_000,
          described: personal,
        }),
      );
      const bob = log('b~1', { session_id: 'b', user_id: 'bob', described: personal });
      await commit({ usageLogs: [...logs, bob] });
      const later = log('later~1', { session_id: 'later', described: personal });
      await commit({ erasedUsers: ['ann', 'nobody'], usageLogs: [later] }, 8, 7);
      const described = async (user: string) =>
        model.queries
          .selectFrom('usage_logs')
          .select((logs) => ['described', logs.fn.countAll<number>().as('logs')])
          .where('user_id', '=', user)
          .groupBy('described')
          .orderBy('described')
          .execute();
      expect(await described('ann')).toEqual([
        { described: personal, logs: 1 },
        { described: '{"word_count":7,"erased":true}', logs: MANY_LOGS },
      ]);
      expect(await described('bob')).toEqual([{ described: personal, logs: 1 }]);
    });

    it('gives the fold sessions by time and by user, and the logs of one session', async () => {
      await commit({
        sessions: [
          session('a', { last_at: 1 }),
          session('b', { last_at: 3 }),
          session('e', { last_at: 2 }),
          session('c', { last_at: 2, user_id: 'bob' }),
        ],
        usageLogs: [
          log('s~1', { transcription_type: 'original', billing_period: '2026-09' }),
          log('s~2', { attempt: 2, transcription_type: 'retry_failed' }),
          log('s~2~1', { attempt: 2 }),
          log('s1~1', { session_id: 's1' }),
          log('S~1', { session_id: 'S' }),
        ],
        accounts: [{ user_id: 'ann', account: '{}' }],
      });
      const bobs = { session_id: 'c', user_id: 'bob' };
      expect(await model.rows.sessionsFrom(2)).toEqual([
        { session_id: 'e', user_id: 'ann' },
        { session_id: 'b', user_id: 'ann' },
        bobs,
      ]);
      expect(await model.rows.sessionsFrom(2, 'bob')).toEqual([bobs]);
      const logs = await model.rows.sessionLogs('s');
      expect(logs.map((row) => row.id).sort()).toEqual(['s~1', 's~2', 's~2~1']);
      expect(await model.rows.sessionsSplitBy('2026-10')).toEqual(['s']);
      expect(await model.rows.sessionsSplitBy('2026-09')).toEqual([]);
      expect(await model.rows.account('ann')).toEqual({ user_id: 'ann', account: '{}' });
      expect(await model.rows.account('Ann')).toBeUndefined();
    });

    it('gives the same answers from rows read ahead as from single reads, until the next commit', async () => {
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
  const agreement = { cards: [], plans: {} } as unknown as Checkpoint['agreement'];
  return { position, size: position, recorded_at: 1_000, edge: [], agreement };
}

/** The errors of a database's driver are not always those of Jest's realm. */
function outcome(work: Promise<void>): Promise<string> {
  return work.then(
    () => 'done',
    () => 'failed',
  );
}

function account(text: string) {
  return { user_id: 'ann', account: text };
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
    usage_period: '2026-10',
    stt_provider: 'google',
    transcription_type: 'original',
    billable: 1,
    billing_reason: 'transcription_completed',
    duration_seconds: '60',
    billed_seconds: '60',
    channels: 1,
    speaker_count: null,
    confidence_score: null,
    plan: 'free',
    rate_card_id: null,
    position: 1,
    described: '{}',
    ...more,
  };
}

function mark(place: UsageLogRow, text = '{}'): MarkRow {
  const { late_position, completed_at, session_id, attempt } = place;
  const key = { user_id: 'ann', period: '2026-10', late_position, completed_at, session_id };
  return { ...key, attempt, state: text, stretch: text };
}

function waiting(session_id: string, attempt: number) {
  return { session_id, attempt, user_id: 'ann', completed_at: 1_000, view: '{}' };
}

function statement(user_id: string): StatementRow {
  return { user_id, period: '2026-10', most_cents: 0, tail: '{}', summaries: '{}' };
}

/** A row of each table, with this text in the columns that the tables do not interpret. */
function everyKind(text: string) {
  const large = 2 ** 53 - 1;
  return {
    ...noRows(),
    sessions: [session('s', { view: text, memory: text, open_since: large, open_attempt: 2 })],
    usageLogs: [
      log('s~1', { described: text, late_position: large, position: large, confidence_score: 0.1 }),
    ],
    waiting: [{ ...waiting('s', 2), view: text }],
    statements: [{ ...statement('ann'), most_cents: -large, tail: text, summaries: text }],
    marks: [mark(log('s~1', { late_position: large, completed_at: large }), text)],
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
    requests: [
      {
        scope: 'rate-cards',
        key: 'k',
        digest: 'd',
        answer: text,
        position: large,
        written: text,
      },
    ],
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
    marks: changes.marks,
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
    marks: await all('marks'),
    accounts: await all('accounts'),
    adjustments: await all('adjustments'),
    requests: await all('requests'),
    merkle_tiles: await all('merkle_tiles'),
  };
}
