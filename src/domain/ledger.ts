import { SESSION_STREAMS } from './events/facts';
import { notKnown } from './events/stored';
import type { Plan, Plans } from './plan/plan';
import type { RateCard } from './rating/rate-card';

/** The types of the events that the ledger itself writes. Sessions' facts are not among them. */
export const LEDGER_EVENTS = {
  opened: 'ledger.opened',
  cardPublished: 'rate_card.published',
  planDefined: 'plan.defined',
  planDefaulted: 'plan.defaulted',
  planAssigned: 'plan.assigned',
  usageAdjusted: 'usage.adjusted',
  sessionVoided: 'session.voided',
  periodClosed: 'billing_period.closed',
  restored: 'ledger.restored',
  userErased: 'user.erased',
  continued: 'ledger.continued',
} as const;

export const LEDGER_OPENED = LEDGER_EVENTS.opened;
export const LEDGER_STREAM = 'ledger';

/** How the names of the other streams begin. */
export const STREAM_BEGINNINGS = {
  session: SESSION_STREAMS,
  card: 'rate_card-',
  plan: 'plan-',
  account: 'account-',
  period: 'billing_period-',
} as const;

/** The streams of a ledger: full names, or prefixes. */
export const LEDGER_STREAMS = {
  names: [LEDGER_STREAM],
  beginnings: Object.values(STREAM_BEGINNINGS),
} as const;

/** Returns the name of the stream that holds a currency's rate cards. */
export function cardStream(currency: string): string {
  return `${STREAM_BEGINNINGS.card}${currency}`;
}

/** Returns the name of the stream that holds a plan's definition. */
export function planStream(plan: string): string {
  return `${STREAM_BEGINNINGS.plan}${plan}`;
}

/** Returns the name of the stream that holds a month's close. */
export function periodStream(period: string): string {
  return `${STREAM_BEGINNINGS.period}${period}`;
}

/** Returns the name of the stream that holds a user's assignments, adjustments and erasures. */
export function accountStream(userId: string): string {
  return `${STREAM_BEGINNINGS.account}${userId}`;
}

/** Returns the user of an `account-` stream. */
export function userOfStream(stream: string): string {
  return stream.slice(STREAM_BEGINNINGS.account.length);
}

/** Returns the session of a `session-` stream. */
export function sessionOfStream(stream: string): string {
  return stream.slice(STREAM_BEGINNINGS.session.length);
}

/** The rate cards and plans that a new ledger opens with. */
export interface OpeningTerms {
  readonly rateCards: readonly Omit<RateCard, 'rate_card_id'>[];
  readonly plans: Plans;
}

/** What the ledger's first event says: `ledger.opened` on the stream `ledger`. */
export interface LedgerOpened {
  readonly ledger_id: string;
  /** An IANA time zone, which the ledger keeps forever. */
  readonly billing_time_zone: string;
  /** Complete cards, each with its `rate_card_id`. The first one's currency is the ledger's default. */
  readonly rate_cards: readonly RateCard[];
  readonly plans: Plans;
}

/** On `ledger`: the plan of users without an assignment, from a moment on. */
export interface PlanDefaulted {
  readonly plan: string;
  readonly effective_from: string;
}

/** On `account-<user_id>`. Without a currency, the user keeps the one they have. */
export interface PlanAssigned {
  readonly plan: string;
  readonly currency: string | null;
  readonly effective_from: string;
}

/** On `account-<user_id>`: a credit (negative) or debit in a period, in whole cents. */
export interface UsageAdjusted {
  readonly adjustment_id: string;
  readonly period: string;
  readonly amount_cents: number;
  readonly currency: string;
  readonly reason: string;
  readonly author: string;
  readonly reference: string | null;
  readonly voids: string | null;
}

/** On `session-<session_id>`: the session's facts so far no longer count. */
interface SessionVoided {
  readonly reason: string;
  readonly author: string;
}

/** What a close pins for a currency. Seconds, minutes and costs are decimal strings. */
export interface PeriodTotals {
  readonly currency: string;
  readonly users: number;
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly billable_minutes: string;
  readonly cost: string;
  readonly usage_cost_cents: number;
  readonly adjustments_cents: number;
  readonly cost_cents: number;
}

/** On `billing_period-<YYYY-MM>`. `root` is the Merkle root of the first `size` events, in lower-case hex. */
export interface PeriodClosed {
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly root: string;
  readonly totals: readonly PeriodTotals[];
}

/** A signed root whose events the ledger no longer has. */
export interface GivenUpRoot {
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
}

/**
 * On `ledger`: the operator restored the ledger from a backup, and gave up the roots that were signed for the events
 * lost. `size` and `root` describe the events that were left. `note` is the signed root of these events, with a line
 * `gave-up <size> <root in base64>` for each root given up. Only the holder of the ledger's key can write the note.
 */
export interface LedgerRestored {
  readonly size: number;
  readonly root: string;
  readonly given_up: readonly GivenUpRoot[];
  readonly reason: string;
  readonly author: string;
  readonly note: string;
}

/** On `account-<user_id>`: the keys of the user's personal values were destroyed. No amount depends on it. */
interface UserErased {
  readonly reason: string;
  readonly author: string;
  /** The ids of the keys. If a backup brings them back, they are destroyed again (docs/adr/0062). */
  readonly keys: readonly string[];
}

/**
 * On `ledger`, right after `ledger.opened`: this ledger holds the events of an older ledger that did not seal personal
 * values. `note` is the older ledger's signed root of all its events; `verifier_keys` check it. No amount depends on
 * it.
 */
export interface LedgerContinued {
  readonly ledger_id: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
  readonly note: string;
  readonly verifier_keys: readonly string[];
  /** When the event was written. Its recorded time is that of the opening, because recorded times never decrease. */
  readonly sealed_at: string;
}

/** The data of each type of the ledger's own events. */
export interface LedgerEventData {
  'ledger.opened': LedgerOpened;
  'rate_card.published': RateCard;
  'plan.defined': Plan;
  'plan.defaulted': PlanDefaulted;
  'plan.assigned': PlanAssigned;
  'usage.adjusted': UsageAdjusted;
  'session.voided': SessionVoided;
  'billing_period.closed': PeriodClosed;
  'ledger.restored': LedgerRestored;
  'user.erased': UserErased;
  'ledger.continued': LedgerContinued;
}

export type LedgerEventType = (typeof LEDGER_EVENTS)[keyof typeof LEDGER_EVENTS];

/** The request that an event answers. It stays with the event forever, so that a key is never used twice. */
export interface EventRequest {
  readonly key: string;
  /** SHA-256, in lower-case hex, of the body as JSON values with sorted keys. */
  readonly digest: string;
  /**
   * Who made the request, as their key or token says. Left out if the event's data says it, and in events of version 1.
   */
  readonly author?: string;
}

const TYPES = new Set<string>(Object.values(LEDGER_EVENTS));

/** Returns whether the ledger itself writes events of this type. */
export function isLedgerEvent(type: string): type is LedgerEventType {
  return TYPES.has(type);
}

/**
 * Returns the stored form of an event that the ledger itself writes: `{"version":1,"data":{…},"request":{…}}`. Version
 * 2 has an author in its request (docs/adr/0072). Like facts, it is a fixed point of
 * `JSON.stringify(JSON.parse(text))`.
 */
export function writeLedgerEvent(data: object, request?: EventRequest): string {
  const version = request?.author === undefined ? 1 : 2;
  return JSON.stringify({ version, data, ...(request === undefined ? {} : { request }) });
}

/** @throws Error if the event has a version that this program does not know, or lacks a field of its version. */
export function readLedgerEvent<T extends LedgerEventType>(
  type: T,
  body: string,
): { readonly data: LedgerEventData[T]; readonly request: EventRequest | undefined } {
  const stored = JSON.parse(body) as {
    version: number;
    data: LedgerEventData[T];
    request?: EventRequest;
  };
  const { version, data, request } = stored;
  if (version === 1) return { data, request };
  if (version === 2 && typeof request?.author === 'string') return { data, request };
  if (version === 2) throw new Error(`An event of type ${type} does not say who asked for it.`);
  throw notKnown(`An event of type ${type} has version ${stored.version}`);
}
