import { setImmediate as turn } from 'node:timers/promises';

import { NO_ACCOUNT, type Account } from '../domain/account/agreement';
import { notBefore } from '../lib/clock';
import type { After, ReadModel, ReadModelSnapshot } from '../read-model/queries';
import type { StatementRow, WaitingRow } from '../read-model/rows';
import type { WaitingView } from '../read-model/views';
import { totalsOf } from '../usage/period-totals';
import { standingOf } from '../usage/standing';
import type { Happening, HappeningType } from '../webhooks/happenings';
import { isOfLedger, type Alert } from './alert';
import { reachedByTotals, reachedInStatement } from './measure';
import { waitingHappening } from './recorded';

/** How many users, sessions or rows one snapshot reads, so that other readers get their turn. */
const AT_ONCE = 200;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The status of the attempts that each type reports. */
const STATUS = {
  'minutebook.attempt.waiting': 'pending',
  'minutebook.attempt.unrated': 'unrated',
} as const satisfies Partial<Record<HappeningType, WaitingView['status']>>;

type Keep = (happenings: readonly Happening[]) => Promise<unknown>;

/** Finds out from the read model which alerts are reached, and what waits. */
export class Evaluation {
  constructor(
    private readonly readModel: ReadModel,
    private readonly now: () => number,
    private readonly keep: Keep,
  ) {}

  /** Checks the statements of some users, and the totals that they are part of. */
  async ofUsers(alerts: readonly Alert[], users: ReadonlySet<string>): Promise<void> {
    if (alerts.length === 0) return;
    const from = firstPeriod(alerts);
    const periods = new Set<string>();
    for (const some of chunks([...users])) {
      await this.readModel
        .read(async (snapshot) => {
          const rows = await snapshot.statementsOf(some, from);
          for (const row of rows) periods.add(row.period);
          return this.reachedIn(snapshot, alerts, rows);
        })
        .then(this.keep);
      await turn();
    }
    await this.ofLedger(alerts, [...periods]);
  }

  /**
   * Checks the statements of everyone.
   * @param since leaves out periods that ended before it, in milliseconds since 1970.
   */
  async ofEveryone(
    alerts: readonly Alert[],
    signal: AbortSignal,
    since = -Infinity,
  ): Promise<void> {
    if (alerts.length === 0) return;
    const from = firstPeriod(alerts);
    const periods = await this.readModel.read(async (snapshot) => {
      const { terms } = await standingOf(snapshot);
      const all = await snapshot.statementPeriods();
      return all.filter((period) => period >= from && terms.range(period).to > since);
    });
    for (const period of periods) {
      for (let after: string | undefined = ''; after !== undefined && !signal.aborted;) {
        const place: string = after;
        const page = await this.readModel.read(async (snapshot) => {
          const rows = await snapshot.periodStatements(period, place, AT_ONCE);
          const last = rows.length < AT_ONCE ? undefined : rows.at(-1)?.user_id;
          return { last, reached: await this.reachedIn(snapshot, alerts, rows) };
        });
        await this.keep(page.reached);
        after = page.last;
        await turn();
      }
    }
    await this.ofLedger(alerts, periods);
  }

  /** Checks the totals of periods. */
  private async ofLedger(alerts: readonly Alert[], periods: readonly string[]): Promise<void> {
    if (!alerts.some(isOfLedger)) return;
    for (const period of periods) {
      const reached = await this.readModel.read(async (snapshot) => {
        const { terms } = await standingOf(snapshot);
        const totals = await totalsOf(snapshot, period);
        return reachedByTotals(alerts, period, totals, terms, this.now());
      });
      await this.keep(reached);
    }
  }

  /** Finds which attempts of some sessions have no price. */
  async ofSessions(sessions: ReadonlySet<string>): Promise<void> {
    for (const some of chunks([...sessions])) {
      const rows = await this.readModel.read((snapshot) => snapshot.waitingOf(some));
      const type = 'minutebook.attempt.unrated';
      const unrated = rows.filter((row) => viewOf(row).status === STATUS[type]);
      const now = this.now();
      await this.keep(unrated.map((row) => waitingHappening(row, type, now)));
      await turn();
    }
  }

  /** Finds which attempts have been pending for a day. */
  ofWaiting(signal: AbortSignal): Promise<void> {
    const before = this.now() - DAY_MS;
    return this.ofAttempts('minutebook.attempt.waiting', { before }, signal);
  }

  /** Finds which attempts of everyone have no price. */
  ofUnrated(signal: AbortSignal): Promise<void> {
    return this.ofAttempts('minutebook.attempt.unrated', {}, signal);
  }

  /**
   * Finds which attempts have no price, among those to which new cards apply. Others without a price were told when
   * that began, if there was a webhook for them.
   * @param cards by currency, when the first one begins, in milliseconds since 1970.
   */
  ofUnratedUnder(cards: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    const from = Math.min(...cards.values());
    const isUnder = ({ currency }: WaitingView, { completed_at }: WaitingRow) =>
      completed_at >= (cards.get(currency) ?? Infinity);
    return this.ofAttempts('minutebook.attempt.unrated', { from }, signal, isUnder);
  }

  /** Reads the attempts that were completed in a time, in milliseconds since 1970, and have no usage log. */
  private async ofAttempts(
    type: keyof typeof STATUS,
    { from, before = Infinity }: { readonly from?: number; readonly before?: number },
    signal: AbortSignal,
    isMeant: (view: WaitingView, row: WaitingRow) => boolean = () => true,
  ): Promise<void> {
    const now = this.now();
    // No session id is empty.
    let after: After | undefined =
      from === undefined ? undefined : { completed_at: from, session_id: '', attempt: 0 };
    for (let more = true; more && !signal.aborted;) {
      const place: After | undefined = after;
      const rows = await this.readModel.read((snapshot) => snapshot.waiting(place, AT_ONCE));
      const early = rows.filter(({ completed_at }) => completed_at <= before);
      const found = early.filter((row) => {
        const view = viewOf(row);
        return view.status === STATUS[type] && isMeant(view, row);
      });
      await this.keep(found.map((row) => waitingHappening(row, type, now)));
      after = rows.at(-1);
      more = early.length === AT_ONCE;
      await turn();
    }
  }

  private async reachedIn(
    snapshot: ReadModelSnapshot,
    alerts: readonly Alert[],
    rows: readonly StatementRow[],
  ): Promise<Happening[]> {
    if (rows.length === 0) return [];
    const { terms, recordedAt } = await standingOf(snapshot);
    const users = [...new Set(rows.map(({ user_id }) => user_id))];
    const accounts = new Map<string, Account>();
    for (const { user_id, account } of await snapshot.accountsOf(users)) {
      accounts.set(user_id, JSON.parse(account) as Account);
    }
    const theirs = terms.withAccounts((userId) => accounts.get(userId) ?? NO_ACCOUNT);
    // A plan that was just assigned is in force, even if another instance's clock is ahead.
    const now = notBefore(recordedAt, this.now());
    return rows.flatMap((row) => reachedInStatement(alerts, row, theirs, now));
  }
}

function firstPeriod(alerts: readonly Alert[]): string {
  return alerts.map(({ from_period }) => from_period).sort()[0]!;
}

function viewOf(row: WaitingRow): WaitingView {
  return JSON.parse(row.view) as WaitingView;
}

function* chunks(all: readonly string[]): Generator<string[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
}
