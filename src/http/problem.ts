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

/** The HTTP status of every code, in one table (docs/reference/codes.md). */
const STATUS: Readonly<Record<ProblemCode, number>> = {
  invalid_json: 400,
  too_deep: 400,
  invalid_body: 400,
  body_too_large: 413,
  too_many_events: 413,
  events_rejected: 422,
  unsupported_media_type: 415,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  expectation_failed: 417,
  headers_too_large: 431,
  rate_limited: 429,
  overloaded: 503,
  store_unavailable: 503,
  invalid_parameter: 400,
  invalid_cursor: 400,
  not_caught_up: 503,
  ledger_changed: 409,
  rebuild_failed: 503,
  internal_error: 500,
  invalid_event: 422,
  missing_attribute: 422,
  invalid_attribute: 422,
  unsupported_specversion: 422,
  unknown_type: 422,
  time_in_future: 422,
  subject_mismatch: 422,
  missing_field: 422,
  unknown_field: 422,
  invalid_field: 422,
  source_not_allowed: 403,
  event_id_reused: 409,
  fact_voided: 409,
  session_user_mismatch: 409,
  attempt_already_settled: 409,
  invalid_rate_card: 422,
  invalid_plan: 422,
  unknown_plan: 422,
  plan_exists: 409,
  unknown_currency: 422,
  unknown_user: 422,
  currency_change_not_allowed: 409,
  effective_in_past: 422,
  period_closed: 409,
  period_not_over: 409,
  attempts_waiting: 409,
  adjustment_below_zero: 409,
  unknown_adjustment: 422,
  already_voided: 409,
  unknown_session: 404,
  last_admin_key: 409,
  webhook_url_not_allowed: 422,
  too_many_webhooks: 409,
  unknown_alert_metric: 422,
  too_many_alerts: 409,
  idempotency_key_required: 400,
  idempotency_key_reused: 422,
};

/** All codes. */
export const PROBLEM_CODES = Object.keys(STATUS) as readonly ProblemCode[];

const RETRY_AFTER_SECONDS = 1;
/** A code with status 503 that no request gets, so it is not retriable: it occurs only in the `error` of a rebuild. */
const ONLY_IN_JOBS: ProblemCode = 'rebuild_failed';
/** The codes for which the same request may succeed a moment later. */
const RETRIABLE = new Set(
  PROBLEM_CODES.filter((code) => STATUS[code] === 503 && code !== ONLY_IN_JOBS),
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
    this.status = more.status ?? STATUS[code];
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
