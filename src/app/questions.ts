import { Leaks, LeaksHandler } from '../audit/leaks';
import { LedgerPage, LedgerPageHandler } from '../audit/ledger-events';
import {
  BillingPeriods,
  BillingPeriodsHandler,
  Plans,
  PlansHandler,
  RateCards,
  RateCardsHandler,
} from '../finance/billing-periods';
import { Adjustments, AdjustmentsHandler } from '../listing/adjustments';
import { LogsOfAll, LogsOfAllHandler } from '../listing/logs';
import { Sessions, SessionsHandler } from '../listing/sessions';
import { PeriodSummaries, PeriodSummariesHandler } from '../listing/summaries';
import { Users, UsersHandler } from '../listing/users';
import { Writes, WritesHandler } from '../listing/writes';
import type { QuestionKind, Scope } from '../snapshots/answers';
import type { Answerer, Question, Reads } from '../snapshots/question';
import { Entitlement, EntitlementHandler } from '../usage/entitlement';
import { Pending, PendingHandler } from '../usage/pending';
import { PeriodFigures, PeriodFiguresHandler } from '../usage/period-figures';
import { UsageReport, UsageReportHandler } from '../usage/report';
import {
  OneSession,
  OneSessionHandler,
  OneUsageLog,
  OneUsageLogHandler,
  UsageLogs,
  UsageLogsHandler,
} from '../usage/usage-logs';
import {
  UsageHistory,
  UsageHistoryHandler,
  UsageSummary,
  UsageSummaryHandler,
} from '../usage/usage-summary';
import { UsageTotals, UsageTotalsHandler } from '../usage/usage-totals';
import { UsageTrend, UsageTrendHandler } from '../usage/usage-trend';
import { PlanHistory, PlanHistoryHandler, UserPlan, UserPlanHandler } from '../usage/user-plan';

type Store = Parameters<QuestionKind['answerer']>[1];

const OF_ALL = () => undefined;
const OF_NOBODY = () => ({ users: [] });
const ofUser = ({ userId }: { readonly userId: string }): Scope => ({ users: [userId] });
/** For a caller who may see only one user, that user's events suffice. How long they take says nothing about others. */
const ofSession = (session: string, onlyUser: string | null): Scope =>
  onlyUser === null ? { session } : { users: [onlyUser] };
const HEAVY = () => true;
const LIGHT = () => false;
/** The longest page of usage logs that the serving thread rates by itself: about 10 ms of work. */
const RATED_HERE = 100;

/** Every question: what answers it, whose events its answer depends on, and whether it reads a lot. */
export const QUESTIONS: ReadonlyMap<string, QuestionKind> = new Map([
  kind(UsageSummary, (reads) => new UsageSummaryHandler(reads), ofUser, LIGHT),
  kind(UsageHistory, (reads) => new UsageHistoryHandler(reads), ofUser, LIGHT),
  kind(UsageTrend, (reads) => new UsageTrendHandler(reads), ofUser, HEAVY),
  kind(Entitlement, (reads) => new EntitlementHandler(reads), ofUser, LIGHT),
  // Each log of a page is rated, and no index has the filtered logs in the order of the list.
  kind(
    UsageLogs,
    (reads) => new UsageLogsHandler(reads),
    ofUser,
    ({ filter, limit }) =>
      limit > RATED_HERE || Object.values(filter).some((value) => value !== undefined),
  ),
  kind(
    OneUsageLog,
    (reads, store) => new OneUsageLogHandler(reads, store),
    ({ id, onlyUser }) => ofSession(id.replace(/~.*/s, ''), onlyUser),
    // Heavy: it shows all events of the log's session.
    HEAVY,
  ),
  kind(
    OneSession,
    (reads) => new OneSessionHandler(reads),
    ({ sessionId, onlyUser }) => ofSession(sessionId, onlyUser),
    LIGHT,
  ),
  kind(Pending, (reads) => new PendingHandler(reads), OF_ALL, LIGHT),
  kind(Leaks, (reads) => new LeaksHandler(reads), OF_ALL, HEAVY),
  kind(
    LedgerPage,
    (reads, store) => new LedgerPageHandler(reads, store),
    OF_ALL,
    // Heavy: it reads the event store, which may be slow to answer. The snapshot stays open meanwhile.
    HEAVY,
  ),
  kind(UsageReport, (reads) => new UsageReportHandler(reads), OF_ALL, HEAVY),
  kind(BillingPeriods, (reads) => new BillingPeriodsHandler(reads), OF_ALL, HEAVY),
  kind(PeriodFigures, (reads) => new PeriodFiguresHandler(reads), OF_ALL, HEAVY),
  kind(RateCards, (reads) => new RateCardsHandler(reads), OF_NOBODY, LIGHT),
  kind(Plans, (reads) => new PlansHandler(reads), OF_NOBODY, LIGHT),
  kind(UserPlan, (reads) => new UserPlanHandler(reads), ofUser, LIGHT),
  kind(PlanHistory, (reads) => new PlanHistoryHandler(reads), ofUser, LIGHT),
  // Heavy: it reads all of a user's months.
  kind(UsageTotals, (reads) => new UsageTotalsHandler(reads), ofUser, HEAVY),
  kind(Users, (reads) => new UsersHandler(reads), OF_ALL, isLongList),
  kind(Sessions, (reads) => new SessionsHandler(reads), OF_ALL, isLongList),
  kind(LogsOfAll, (reads) => new LogsOfAllHandler(reads), OF_ALL, isLongList),
  kind(PeriodSummaries, (reads) => new PeriodSummariesHandler(reads), OF_ALL, isLongList),
  kind(
    Adjustments,
    (reads) => new AdjustmentsHandler(reads),
    ({ userId }) => (userId === undefined ? undefined : { users: [userId] }),
    isLongList,
  ),
  kind(Writes, (reads) => new WritesHandler(reads), OF_ALL, isLongList),
]);

/** Returns whether a list question is heavy: a search goes through many ids, and every item of a page is parsed. */
function isLongList({
  search,
  limit,
}: {
  readonly search?: string | undefined;
  readonly limit: number;
}) {
  return search !== undefined || limit > RATED_HERE;
}

function kind<Q extends Question<unknown>>(
  of: { readonly name: string; readonly prototype: Q },
  answerer: (reads: Reads, store: Store) => Answerer<Q, unknown>,
  scope: (question: Q) => Scope | undefined,
  isHeavy: (question: Q) => boolean,
): [string, QuestionKind] {
  return [of.name, { answerer, scope, isHeavy }];
}
