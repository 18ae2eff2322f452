import fc from 'fast-check';

import { QUESTIONS } from '../../src/app/questions';
import { livesOf } from '../../src/checker/derivation/facts';
import { judge, type LedgerEntry } from '../../src/checker/derivation/reference';
import type { MemoryEventStore } from '../../src/event-store/memory/memory-event-store';
import type { Position } from '../../src/event-store/port';
import { BoundedMap } from '../../src/lib/bounded-map';
import { project } from '../../src/projections/project';
import { ReadModelSnapshot } from '../../src/read-model/queries';
import { SqliteReadModel, temporaryDatabase } from '../../src/read-model/sqlite/sqlite-read-model';
import { answerOn } from '../../src/snapshots/answers';
import type { Place } from '../../src/snapshots/places';
import type { Question } from '../../src/snapshots/question';
import { fillNarrowed, narrow, usersOfSession } from '../../src/snapshots/users-past';
import { Entitlement } from '../../src/usage/entitlement';
import { OneSession, OneUsageLog, UsageLogs } from '../../src/usage/usage-logs';
import { UsageHistory, UsageSummary } from '../../src/usage/usage-summary';
import { UsageTotals } from '../../src/usage/usage-totals';
import { UsageTrend } from '../../src/usage/usage-trend';
import { PlanHistory, UserPlan } from '../../src/usage/user-plan';
import { Plans, RateCards } from '../../src/finance/billing-periods';
import { Adjustments } from '../../src/listing/adjustments';
import { USERS } from '../generators/facts';
import { ledgerHistory } from '../generators/ledgers';
import { NOW } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';

/** For a long search: `RUNS=20000 npx jest test/laws/users-past`. */
const RUNS = Number(process.env['RUNS'] ?? 60);
const PERIODS = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12'];

/** Three read models, cleared for each history: making them costs more than most histories. */
interface Models {
  readonly live: SqliteReadModel;
  readonly whole: SqliteReadModel;
  readonly narrowed: SqliteReadModel;
}

async function filled(model: SqliteReadModel, store: MemoryEventStore, upTo: number) {
  await model.rows.clear();
  await project(store, model.rows, upTo, () => undefined, { pageSize: 1_000 });
}

/** Ledgers at whose end sessions are voided and sent again as another user's. */
const movedSessions = fc
  .tuple(
    ledgerHistory({ gaps: false }),
    fc.array(fc.tuple(fc.nat(20), fc.nat(2)), { minLength: 1, maxLength: 4 }),
  )
  .map(([entries, moves]) => {
    const all: LedgerEntry[] = entries.filter((entry) => entry.type !== 'billing_period.closed');
    for (const [index, [pick, user]] of moves.entries()) {
      const told = livesOf(all).filter((life) => life.facts.length > 0);
      if (told.length === 0) break;
      const { session_id } = told[pick % told.length]!;
      const facts = all.filter(
        (entry) => entry.type === 'fact' && entry.event.data['session_id'] === session_id,
      ) as Extract<LedgerEntry, { type: 'fact' }>[];
      const recorded_at = NOW + index;
      all.push({ type: 'session.voided', recorded_at, session_id, reason: 'x', author: 'y' });
      const again = facts.map(({ event }) => ({
        ...event,
        id: `${event.id}~moved-${index}`,
        data: { ...event.data, user_id: USERS[user]! },
      }));
      all.push(...judge(again, all, recorded_at).recorded);
    }
    return all;
  });

/** The questions about a user, and about all sessions and the user's logs. */
async function questionsIn({ queries }: SqliteReadModel, user: string): Promise<object[]> {
  const sessions = await queries.selectFrom('sessions').select('session_id').execute();
  const logs = await queries.selectFrom('usage_logs').select(['id', 'user_id']).execute();
  return questionsOf(
    user,
    sessions.map((session) => session.session_id),
    logs.filter((log) => log.user_id === user).map((log) => log.id),
  );
}

function questionsOf(user: string, sessions: readonly string[], logs: readonly string[]): object[] {
  return [
    ...PERIODS.map((period) => new UsageSummary(user, period, undefined, undefined)),
    ...['TWD', 'USD'].map((currency) => new UsageSummary(user, undefined, currency, undefined)),
    new UsageHistory(user, 6, undefined, undefined),
    new UsageTrend(user, NOW - 120 * 86_400_000, NOW, 'day', undefined, undefined),
    new Entitlement(user, { minutes: '3', fileSizeBytes: 1, exportFormat: 'json' }, undefined),
    new UsageTotals(user, undefined),
    new UserPlan(user, undefined),
    new PlanHistory(user, undefined, 50, undefined),
    new Adjustments(user, undefined, undefined, 50, undefined),
    new UsageLogs(user, {}, undefined, 500, undefined),
    new UsageLogs(user, { transcriptionType: 'retry_success' }, undefined, 2, undefined),
    new RateCards(undefined, 50, undefined),
    new Plans(undefined, 50, undefined),
    ...sessions.map((session) => new OneSession(session, null, undefined)),
    ...logs.map((log) => new OneUsageLog(log, null, undefined)),
  ];
}

/** The question as a reader asks it who is bound to the user. */
function boundTo(user: string, question: object): object {
  if (question instanceof OneSession) return new OneSession(question.sessionId, user, undefined);
  if (question instanceof OneUsageLog) return new OneUsageLog(question.id, user, undefined);
  return question;
}

/** The answer as it is sent, or the code of the refusal. */
async function textOf(
  { queries }: SqliteReadModel,
  store: MemoryEventStore,
  question: object,
): Promise<string> {
  const kind = QUESTIONS.get(question.constructor.name)!;
  try {
    const snapshot = new ReadModelSnapshot(queries);
    const asked = question as Question<unknown>;
    return JSON.stringify(await answerOn(snapshot, kind, asked, NOW, store));
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('the past of some users', () => {
  const models = {} as { -readonly [K in keyof Models]: SqliteReadModel };
  beforeAll(async () => {
    models.live = await SqliteReadModel.temporary();
    models.whole = await SqliteReadModel.temporary();
    models.narrowed = await SqliteReadModel.temporary();
  });
  afterAll(() => Promise.all(Object.values(models).map((model) => model.close())));

  const narrowTo = async (
    users: readonly string[],
    store: MemoryEventStore,
    place: Place,
    pageSize: number,
  ) => {
    await models.narrowed.rows.clear();
    const live = new ReadModelSnapshot(models.live.queries);
    const narrowed = await narrow(store, live, users, new BoundedMap(100));
    const pace = { pageSize: () => pageSize, rest: () => Promise.resolve() };
    const parts = { store, openOrdered: temporaryDatabase, pace };
    await fillNarrowed(parts, narrowed!, place, models.narrowed.rows);
  };

  /**
   * Puts the same questions to a replay of the whole ledger and to one of the user's own events.
   * @param part the position, in hundredths of the ledger.
   */
  const check = async (entries: readonly LedgerEntry[], part: number, pageSize: number) => {
    const store = await storeOf(entries);
    const position = Math.max(1, Math.ceil((part / 100) * entries.length)) as Position;
    const place: Place = { position, size: position, now: NOW };
    await filled(models.live, store, entries.length);
    await filled(models.whole, store, position);
    for (const user of USERS) {
      const questions = await questionsIn(models.whole, user);
      await narrowTo([user], store, place, pageSize);
      const ofSessions = questions.filter(
        (one) => one instanceof OneSession || one instanceof OneUsageLog,
      );
      const ofUser = questions.map((one) => boundTo(user, one));
      for (const question of ofUser) {
        expect([question, await textOf(models.narrowed, store, question)]).toEqual([
          question,
          await textOf(models.whole, store, question),
        ]);
      }
      const bySession = new Map<string, object[]>();
      for (const question of ofSessions as { sessionId?: string; id?: string }[]) {
        const session = question.sessionId ?? question.id!.replace(/~.*/, '');
        bySession.set(session, [...(bySession.get(session) ?? []), question]);
      }
      // A third of the sessions for each user: together they cover all.
      const some = [...bySession].filter((_, at) => at % USERS.length === USERS.indexOf(user));
      for (const [session, asked] of some) {
        const users = await usersOfSession(store, session, place);
        await narrowTo(users, store, place, pageSize);
        for (const question of asked) {
          expect([question, await textOf(models.narrowed, store, question)]).toEqual([
            question,
            await textOf(models.whole, store, question),
          ]);
        }
      }
    }
  };

  it.each([
    ['for any ledger', ledgerHistory({ gaps: false })],
    [
      'if others recorded between what a close counted and the close',
      ledgerHistory({ gaps: true }),
    ],
    ['if sessions have moved to another user', movedSessions],
  ])(
    'law 5: folded from their own streams, it answers to the byte like a replay of the ledger, %s',
    async (_, histories) => {
      await fc.assert(
        fc.asyncProperty(
          histories,
          fc.integer({ min: 1, max: 100 }),
          fc.integer({ min: 1, max: 20 }),
          check,
        ),
        { numRuns: RUNS },
      );
    },
    120_000,
  );

  it('is asked every question whose answer follows from the events of some users', () => {
    const named = { userId: 'ann', sessionId: 's', id: 's~1', limit: 50 } as never;
    const narrowed = [...QUESTIONS].filter(([, { scope }]) => scope(named) !== undefined);
    const asked = new Set(questionsOf('ann', ['s'], ['s~1']).map((one) => one.constructor.name));
    expect([...asked].sort()).toEqual(narrowed.map(([name]) => name).sort());
  });

  it('includes a session that was voided and belongs to another user now', async () => {
    const fact = (id: string, user_id: string, duration_seconds: number): LedgerEntry => ({
      type: 'fact',
      recorded_at: NOW,
      event: {
        specversion: '1.0',
        id,
        source: 'test',
        type: 'transcription.session.completed',
        time: '2026-10-05T10:00:00Z',
        data: { session_id: 's', user_id, attempt: 1, stt_provider: 'google', duration_seconds },
      },
    });
    const [opened] = fc.sample(ledgerHistory({ maxSteps: 0 }), { numRuns: 1, seed: 1 })[0]!;
    const entries: LedgerEntry[] = [
      opened!,
      fact('1', 'ann', 60),
      { type: 'session.voided', recorded_at: NOW, session_id: 's', reason: 'x', author: 'y' },
      fact('2', 'Bob', 90),
    ];
    const store = await storeOf(entries);
    await filled(models.live, store, 4);
    for (const [position, user, seconds] of [
      [2, 'ann', '60'],
      [3, 'ann', '0'],
      [4, 'ann', '0'],
      [4, 'Bob', '90'],
    ] as const) {
      const place: Place = { position: position as Position, size: position, now: NOW };
      await narrowTo([user], store, place, 10);
      const summary = new UsageSummary(user, '2026-10', undefined, undefined);
      const answer = JSON.parse(await textOf(models.narrowed, store, summary)) as {
        value: { total_seconds: string };
      };
      expect([position, user, answer.value.total_seconds]).toEqual([position, user, seconds]);
    }
  });
});
