import { isClientError } from '../errors.js';
import { authorization, LateKeyError, type Key } from '../key.js';
import { retryAfterMs } from '../retry-after.js';
import type { Answer, Bad, Good } from './answer.js';
import { LedgerError, type LedgerErrorCode } from './ledger-error.js';
import { isPosition } from './position.js';

/** Options of a request. */
export interface RequestOptions {
  readonly key: Key | undefined;
  readonly fetch: typeof fetch;
  /** The bound on one try, in milliseconds. */
  readonly timeoutMs: number;
  /** How long to keep retrying, in milliseconds. */
  readonly retryMs: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Failures without an answer that may pass by themselves. */
const PASSING = new Set<LedgerErrorCode>(['unreachable', 'timeout']);
const PASSING_STATUS = new Set([429, 502, 503, 504]);

/** Reads JSON, and retries while that may help. Never throws. */
export async function read(
  url: string,
  options: RequestOptions,
  signal?: AbortSignal,
): Promise<Answer<unknown>> {
  const until = performance.now() + options.retryMs;
  for (let tries = 1; ; tries += 1) {
    const answer = await readOnce(url, options, signal);
    if (answer.ok || !mayPass(answer.error)) return answer;
    const own =
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
    const pauseMs = Math.max(own, answer.error.retryAfterMs ?? 0);
    if (performance.now() + pauseMs > until) return answer;
    await pause(pauseMs, signal);
    if (isAborted(signal)) return aborted(signal);
  }
}

function mayPass({ code, status }: LedgerError): boolean {
  return PASSING.has(code) || (status !== null && PASSING_STATUS.has(status));
}

async function readOnce(
  url: string,
  { key, fetch, timeoutMs }: RequestOptions,
  signal: AbortSignal | undefined,
): Promise<Answer<unknown>> {
  if (isAborted(signal)) return aborted(signal);
  const request = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    request.abort();
  }, timeoutMs);
  const stop = () => request.abort();
  signal?.addEventListener('abort', stop);
  try {
    const headers = {
      accept: 'application/json, application/problem+json',
      ...(await authorization(key, request.signal)),
    };
    const response = await fetch(url, { headers, redirect: 'error', signal: request.signal });
    return interpret(response, await response.text());
  } catch (error) {
    const who = error instanceof LateKeyError ? 'The key function' : 'The ledger';
    if (late) return tooLate(who);
    if (isClientError(error, 'invalid_key'))
      return bad(new LedgerError('invalid_key', error.message));
    return isAborted(signal) ? aborted(signal, who) : bad(unreachable(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function interpret(response: Response, text: string): Answer<unknown> {
  const body = parse(text);
  const { status, headers } = response;
  if (response.ok && body !== undefined) return good(body, headers);
  const { code, detail, pointer } = body ?? {};
  const retry = retryAfterMs(headers.get('retry-after'), Date.now());
  if (response.ok || typeof code !== 'string') {
    const said = `This is not an answer of the ledger (${status}). Is url its address?`;
    return bad(new LedgerError('unexpected_answer', said, status, null, retry));
  }
  return bad(
    new LedgerError(
      code as LedgerErrorCode,
      typeof detail === 'string' ? detail : '',
      status,
      typeof pointer === 'string' ? pointer : null,
      retry,
    ),
  );
}

function good(body: Readonly<Record<string, unknown>>, headers: Headers): Good<unknown> {
  const position = headers.get('minutebook-position') ?? body['position'];
  const behind = headers.get('minutebook-behind') ?? body['behind'];
  return {
    ok: true,
    value: body,
    position: isPosition(position) ? position : null,
    behind: behind === null || behind === undefined ? null : Number(behind),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(error: unknown): LedgerError {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? cause.message : message;
  return new LedgerError('unreachable', `The ledger was not reached: ${reason}`);
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Makes the error for the caller's signal, which may be a timeout. */
function aborted(signal: AbortSignal | undefined, who = 'The ledger'): Bad {
  const { name } = (signal?.reason ?? {}) as { name?: unknown };
  return name === 'TimeoutError'
    ? tooLate(who)
    : bad(new LedgerError('aborted', 'The caller aborted the read.'));
}

function tooLate(who: string): Bad {
  return bad(new LedgerError('timeout', `${who} did not answer in time.`));
}

function bad(error: LedgerError): Bad {
  return { ok: false, error };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
