import type { Refusal, RefusalCode } from '../domain/errors';

/** The media type of RFC 9457, without parameters, because some clients compare it literally. */
export const PROBLEM_TYPE = 'application/problem+json';

/** All codes except those of the domain (`domain/errors.ts`). */
type RequestCode =
  | 'invalid_json'
  | 'too_deep'
  | 'invalid_body'
  | 'body_too_large'
  | 'too_many_events'
  | 'events_rejected'
  | 'unsupported_media_type'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'expectation_failed'
  | 'headers_too_large'
  | 'rate_limited'
  | 'overloaded'
  | 'store_unavailable'
  | 'invalid_parameter'
  | 'invalid_cursor'
  | 'not_caught_up'
  | 'ledger_changed'
  | 'rebuild_failed'
  | 'last_admin_key'
  | 'webhook_url_not_allowed'
  | 'too_many_webhooks'
  | 'unknown_alert_metric'
  | 'too_many_alerts'
  | 'idempotency_key_required'
  | 'idempotency_key_reused'
  | 'internal_error';

export type ProblemCode = RefusalCode | RequestCode;

/** What a code stands for (docs/reference/codes.md). */
interface Meaning {
  readonly status: number;
  /**
   * What it refuses of a producer's request: the one `event` that it is about; the `body`, because of something in it,
   * so that a sender tries its parts; or the `request`, whatever is in its body.
   */
  readonly refuses: 'request' | 'body' | 'event';
  /** Whether the same event is accepted later, once a clock or a key is put right. Senders keep such events. */
  readonly passes: boolean;
}

const request = (status: number): Meaning => ({ status, refuses: 'request', passes: false });
const body = (status: number): Meaning => ({ status, refuses: 'body', passes: false });
const event = (status: number): Meaning => ({ status, refuses: 'event', passes: false });
const eventForNow = (status: number): Meaning => ({ ...event(status), passes: true });

/** Every code. The clients have lists of their own, which test/clients/refusals.spec.ts compares with this one. */
export const MEANINGS: Readonly<Record<ProblemCode, Meaning>> = {
  invalid_json: body(400),
  too_deep: body(400),
  invalid_body: body(400),
  body_too_large: body(413),
  too_many_events: body(413),
  events_rejected: request(422),
  unsupported_media_type: request(415),
  unauthorized: request(401),
  forbidden: request(403),
  not_found: request(404),
  method_not_allowed: request(405),
  request_timeout: request(408),
  expectation_failed: request(417),
  headers_too_large: request(431),
  rate_limited: request(429),
  overloaded: request(503),
  store_unavailable: request(503),
  invalid_parameter: request(400),
  invalid_cursor: request(400),
  not_caught_up: request(503),
  ledger_changed: request(409),
  rebuild_failed: request(503),
  internal_error: request(500),
  invalid_event: event(422),
  missing_attribute: event(422),
  invalid_attribute: event(422),
  unsupported_specversion: event(422),
  unknown_type: event(422),
  time_in_future: eventForNow(422),
  subject_mismatch: event(422),
  missing_field: event(422),
  unknown_field: event(422),
  invalid_field: event(422),
  source_not_allowed: eventForNow(403),
  event_id_reused: event(409),
  fact_voided: event(409),
  session_user_mismatch: event(409),
  attempt_already_settled: event(409),
  invalid_rate_card: request(422),
  invalid_plan: request(422),
  unknown_plan: request(422),
  plan_exists: request(409),
  unknown_currency: request(422),
  unknown_user: request(422),
  currency_change_not_allowed: request(409),
  effective_in_past: request(422),
  period_closed: request(409),
  period_not_over: request(409),
  attempts_waiting: request(409),
  adjustment_below_zero: request(409),
  unknown_adjustment: request(422),
  already_voided: request(409),
  unknown_session: request(404),
  last_admin_key: request(409),
  webhook_url_not_allowed: request(422),
  too_many_webhooks: request(409),
  unknown_alert_metric: request(422),
  too_many_alerts: request(409),
  idempotency_key_required: request(400),
  idempotency_key_reused: request(422),
};

/** All codes. */
export const PROBLEM_CODES = Object.keys(MEANINGS) as readonly ProblemCode[];

/** Returns the codes that refuse one of these. */
export function codesThatRefuse(...what: readonly Meaning['refuses'][]): ReadonlySet<string> {
  return new Set(PROBLEM_CODES.filter((code) => what.includes(MEANINGS[code].refuses)));
}

const RETRY_AFTER_SECONDS = 1;
/** A code with status 503 that no request gets, so it is not retriable: it occurs only in the `error` of a rebuild. */
const ONLY_IN_JOBS: ProblemCode = 'rebuild_failed';
/** The codes for which the same request may succeed a moment later. */
const RETRIABLE = new Set(
  PROBLEM_CODES.filter((code) => MEANINGS[code].status === 503 && code !== ONLY_IN_JOBS),
);

/** An error answer. Code may throw it anywhere; the filter writes it as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: {
      readonly pointer?: string;
      readonly fields?: readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
      /** Members besides those that every problem has. */
      readonly members?: Readonly<Record<string, unknown>>;
      /**
       * Replaces the code's own status. For example, a code for bodies has status 400 if a parameter is refused with
       * it.
       */
      readonly status?: number;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Problem';
    this.status = more.status ?? MEANINGS[code].status;
  }

  static of(refusal: Refusal): Problem {
    const { code, detail, pointer, fields } = refusal;
    return new Problem(code, detail, {
      ...(pointer === undefined ? {} : { pointer }),
      ...(fields === undefined ? {} : { fields }),
    });
  }

  get headers(): Record<string, string> {
    const retry: Record<string, string> = RETRIABLE.has(this.code)
      ? { 'retry-after': String(RETRY_AFTER_SECONDS) }
      : {};
    return { ...retry, ...this.more.headers };
  }

  body(): object {
    const { pointer, fields, members } = this.more;
    return {
      type: 'about:blank',
      title: this.code.replaceAll('_', ' '),
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(pointer === undefined ? {} : { pointer }),
      ...(fields === undefined ? {} : { fields }),
      ...members,
    };
  }
}
