import { Decimal, print, ZERO } from '../domain/money';
import { printInstant } from '../domain/time';
import type { After, ReadModelSnapshot } from '../read-model/queries';
import type { SessionRow, WaitingRow } from '../read-model/rows';
import type { WaitingView } from '../read-model/views';
import type { Page } from '../http/cursor';
import { readCursor, toPage } from '../usage/log-cursor';
import { Question, type Answerer, type Reads } from '../snapshots/question';

/** The kinds of leaks: sessions without an end, and completed attempts without a log. */
export const LEAK_KINDS = ['unfinished', 'pending', 'unrated'] as const;
export type LeakKind = (typeof LEAK_KINDS)[number];

export interface LeakView {
  readonly kind: LeakKind;
  readonly user_id: string;
  readonly session_id: string;
  readonly attempt: number;
  /** When the attempt was requested or started; if it completed, when it completed. */
  readonly since: string;
  readonly age_seconds: number;
  readonly value_at_risk: string | null;
  readonly currency: string | null;
  /** A sentence that says what to do about it. */
  readonly action: string;
}

/** The totals of leaks of one kind and currency. `value_at_risk` adds up the leaks that have one. */
export interface LeakTotal {
  readonly kind: LeakKind;
  readonly currency: string | null;
  readonly count: number;
  readonly value_at_risk: string | null;
  readonly without_value: number;
}

export interface LeakReport extends Page<LeakView> {
  /** Totals over all pages, on the first page only; `null` on the others. */
  readonly totals: readonly LeakTotal[] | null;
}

/** What leaks, oldest first: attempts that never finished, wait for another attempt, or have no price. */
export class Leaks extends Question<LeakReport> {
  constructor(
    readonly kind: LeakKind | undefined,
    readonly olderThanSeconds: number,
    readonly cursor: string | undefined,
    readonly limit: number,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

/** A row of the open sessions or of the waiting attempts, with the time since when it leaks. */
type Leak = After & ({ readonly open: SessionRow } | { readonly waiting: WaitingRow });

const PAGE = 500;

export class LeaksHandler implements Answerer<Leaks, LeakReport> {
  constructor(private readonly models: Reads) {}

  execute({ kind, olderThanSeconds, cursor, limit, asOf }: Leaks): Promise<LeakReport> {
    const after = readCursor(cursor);
    return this.models.read(asOf, async (snapshot, now) => {
      const until = now - olderThanSeconds * 1_000;
      const leaks = await oldest(snapshot, kind, until, after, limit + 1);
      const page = toPage(leaks, limit, (leak) => viewOf(leak, now));
      const totals = after === undefined ? await totalsOf(snapshot, kind, until) : null;
      return { ...page, totals };
    });
  }
}

/** Returns the oldest leaks after a cursor, from both tables. */
async function oldest(
  snapshot: ReadModelSnapshot,
  kind: LeakKind | undefined,
  until: number,
  after: After | undefined,
  limit: number,
): Promise<Leak[]> {
  const leaks: Leak[] = [];
  if (kind === undefined || kind === 'unfinished') {
    for (const open of await snapshot.openSessions(until, after, limit)) {
      const [completed_at, attempt] = [open.open_since!, open.open_attempt!];
      leaks.push({ completed_at, session_id: open.session_id, attempt, open });
    }
  }
  if (kind !== 'unfinished') {
    let count = 0;
    for await (const waiting of waitingUntil(snapshot, kind, until, after)) {
      const { completed_at, session_id, attempt } = waiting;
      leaks.push({ completed_at, session_id, attempt, waiting });
      if ((count += 1) === limit) break;
    }
  }
  return leaks.sort(byAge).slice(0, limit);
}

function byAge(a: After, b: After): number {
  return (
    a.completed_at - b.completed_at ||
    (a.session_id < b.session_id ? -1 : a.session_id > b.session_id ? 1 : a.attempt - b.attempt)
  );
}

/** Returns the attempts that have waited at least since a given time, oldest first, read page by page. */
async function* waitingUntil(
  snapshot: ReadModelSnapshot,
  kind: LeakKind | undefined,
  until: number,
  from: After | undefined,
): AsyncGenerator<WaitingRow> {
  for (let after = from; ;) {
    const page = await snapshot.waiting(after, PAGE);
    for (const row of page) {
      if (row.completed_at > until) return;
      if (kind === undefined || statusOf(row).status === kind) yield row;
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!;
  }
}

function statusOf(row: WaitingRow): WaitingView {
  return JSON.parse(row.view) as WaitingView;
}

function viewOf(leak: Leak, now: number): LeakView {
  const { completed_at: since, session_id, attempt } = leak;
  const when = {
    session_id,
    attempt,
    since: printInstant(since),
    age_seconds: Math.max(0, Math.floor((now - since) / 1_000)),
  };
  if ('open' in leak) {
    return {
      kind: 'unfinished',
      user_id: leak.open.user_id,
      ...when,
      value_at_risk: null,
      currency: null,
      action:
        'Find out what happened to this attempt. Then send its completed or failed fact, or the retried fact of the attempt that replaced it.',
    };
  }
  const { status, user_id, stt_provider, value_at_risk, currency } = statusOf(leak.waiting);
  return { kind: status, user_id, ...when, value_at_risk, currency, action: actionOf() };

  function actionOf(): string {
    return status === 'pending'
      ? 'It waits for an earlier attempt of the session. Send the outcome of that attempt, or the retried fact that gave it up.'
      : `It has no price. Publish a rate card in ${currency} with a price for ${stt_provider}, or a default, that is in force at its time.`;
  }
}

/** Returns the totals of all leaks, by kind and currency. */
async function totalsOf(
  snapshot: ReadModelSnapshot,
  kind: LeakKind | undefined,
  until: number,
): Promise<LeakTotal[]> {
  const totals: LeakTotal[] = [];
  if (kind === undefined || kind === 'unfinished') {
    const count = await snapshot.countOpenSessions(until);
    const none = { currency: null, value_at_risk: null, without_value: count };
    if (count > 0) totals.push({ kind: 'unfinished', count, ...none });
  }
  if (kind === 'unfinished') return totals;
  const sums = new Map<string, { count: number; unknown: number; value: Decimal }>();
  for await (const row of waitingUntil(snapshot, kind, until, undefined)) {
    const { status, currency, value_at_risk } = statusOf(row);
    const key = `${status} ${currency}`;
    const sum = sums.get(key) ?? { count: 0, unknown: 0, value: ZERO };
    sum.count += 1;
    if (value_at_risk === null) sum.unknown += 1;
    else sum.value = sum.value.plus(value_at_risk);
    sums.set(key, sum);
  }
  for (const [key, { count, unknown, value }] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [status, currency] = key.split(' ') as [LeakKind, string];
    const value_at_risk = unknown === count ? null : print(value);
    totals.push({ kind: status, currency, count, value_at_risk, without_value: unknown });
  }
  return totals;
}
