import { setTimeout as sleep } from 'node:timers/promises';

import { Backoff, type BackoffOptions } from '../lib/backoff';

/** A verdict, as `POST /v1/events` answers it. */
export interface SentResult {
  readonly status: 'recorded' | 'duplicate' | 'rejected';
  /** Where the event was first recorded; absent if it was rejected. */
  readonly position?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly pointer?: string | null;
}

export interface SentBatch {
  readonly position: string;
  readonly results: readonly SentResult[];
}

/** How long to wait for a service that answers that it is unavailable, in milliseconds. */
const PATIENCE_MS = 120_000;
/** How long to wait for a service that does not answer at all, in milliseconds. */
const UNREACHABLE_MS = 30_000;
/** How long one answer may take, in milliseconds. */
const ANSWER_MS = 120_000;
const PAUSES: BackoffOptions = { firstMs: 300, mostMs: 12_000 };
/** Statuses worth retrying: 429 and 503, and what proxies answer while a service starts. */
const PASSING = new Set([429, 502, 503, 504]);

/** Advice for a status, which the service can't give because it does not know how a command gets its key. */
const HELP: Readonly<Record<number, string>> = {
  401: ' Give the command a key with --key, or MINUTEBOOK_KEY.',
  403: ' Give the command a key of a role that may do this with --key, or MINUTEBOOK_KEY.',
};

/** The service's answer when it refused or failed. */
export class ServiceError extends Error {
  /** @param code of the problem, such as `not_caught_up`; `undefined` if the answer did not come from Minutebook. */
  constructor(
    url: string,
    readonly status: number,
    readonly code: string | undefined,
    readonly detail: string,
    readonly pointer: string | null = null,
  ) {
    const name = code === undefined ? '' : ` (${code})`;
    super(`${url} answered ${status}${name}: ${detail}${HELP[status] ?? ''}`);
    this.name = 'ServiceError';
  }
}

/** A service did not answer at all. The message says what to do. */
export class Unreachable extends Error {
  /** @param why such as `connect ECONNREFUSED 127.0.0.1:3000`. */
  constructor(
    readonly origin: string,
    readonly why: string,
    cause: unknown,
  ) {
    super(`No service answers at ${origin} (${why}). Start it, or correct the address.`, { cause });
    this.name = 'Unreachable';
  }
}

/** How long a request is retried, and after which failures. */
export interface Patience {
  /** How long to wait in total, in milliseconds. */
  readonly forMs?: number;
  /** Whether to wait for a service that can't be reached at all. Default: true. */
  readonly unreachable?: boolean;
}

/** The credential for a service, if there is one: an API key or a token. */
type Key = string | undefined;

/** Posts a batch, given as JSON text. Sending it again is always safe. @throws as {@link ask}. */
export function sendBatch(url: string, body: string | Uint8Array, key?: Key): Promise<SentBatch> {
  return ask(`${url}/v1/events`, post('application/cloudevents-batch+json', body, key));
}

/** Posts one event, given as JSON text. @throws as {@link ask}. */
export function sendEvent(url: string, body: string | Uint8Array, key?: Key): Promise<SentBatch> {
  return ask(`${url}/v1/events`, post('application/cloudevents+json', body, key));
}

/** Gets JSON from a service. @throws as {@link ask}. */
export function getJson<T>(url: string, key?: Key, patience?: Patience): Promise<T> {
  return ask(url, { method: 'GET', headers: bearer(key) }, patience);
}

/** Posts JSON that is safe to post twice, and reads the answer. @throws as {@link ask}. */
export function postJson<T>(url: string, body: object, key?: Key): Promise<T> {
  return ask(url, post('application/json', JSON.stringify(body), key));
}

/**
 * Gets an answer piece by piece, because it may not fit into memory.
 * @throws as {@link ask}; Error that says why if the answer breaks off.
 */
export async function* getPieces(url: string, key?: Key): AsyncGenerator<Uint8Array> {
  const { body } = await ask(url, { method: 'GET', headers: bearer(key) }, {}, readNothing);
  if (body === null) return;
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new Error(`The answer of ${url} broke off (${whyOf(error)}). Is the service running?`, {
      cause: error,
    });
  }
}

function post(type: string, body: string | Uint8Array, key: Key): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': type, ...bearer(key) },
    body: body as NonNullable<RequestInit['body']>,
  };
}

function bearer(key: Key): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/**
 * Sends a request, and retries while the service is unavailable: after `Retry-After` and with growing pauses, up to a
 * limit. Says on standard error, once for each request, what it waits for and for how long.
 * @throws ServiceError if the service refuses or stays unavailable; Unreachable if it can't be reached. Each says why.
 */
async function ask<T>(
  url: string,
  request: RequestInit,
  patience: Patience = {},
  read: Read<T> = readJson,
): Promise<T> {
  const { forMs = PATIENCE_MS, unreachable = true } = patience;
  const began = performance.now();
  const backoff = new Backoff(PAUSES);
  for (let tries = 0; ; tries += 1) {
    const answer = await once(url, request, read);
    if ('value' in answer) return answer.value;
    const { error, retryAfterMs } = answer;
    const answered = error instanceof ServiceError;
    const passing = answered ? PASSING.has(error.status) : unreachable;
    const mostMs = answered ? forMs : Math.min(forMs, UNREACHABLE_MS);
    const pause = Math.max(retryAfterMs ?? 0, backoff.takeMs());
    if (!passing || performance.now() + pause > began + mostMs) throw error;
    if (error instanceof Unreachable) {
      if (tries === 0) console.error(waitingFor(error, mostMs));
    } else if (tries === 1) {
      // A single retry is not worth a message.
      console.error(`${error.message} Trying again for ${seconds(mostMs)} s.`);
    }
    await sleep(pause);
  }
}

const waitingFor = ({ origin, why }: Unreachable, mostMs: number) =>
  `No service answers at ${origin} (${why}). Waiting for it, for up to ${seconds(mostMs)} s.`;

const seconds = (ms: number) => Math.round(ms / 1_000);

type Once<T> =
  { readonly value: T } | { readonly error: Error; readonly retryAfterMs: number | undefined };

/** Reads an answer that is not a refusal. What it has not read when it resolves may take any time. */
type Read<T> = (response: Response, url: string) => T | Promise<T>;

const readNothing: Read<Response> = (response) => response;

async function readJson<T>(response: Response, url: string): Promise<T> {
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    const detail = 'not as Minutebook does. Is this the address of the service?';
    throw new ServiceError(url, response.status, undefined, detail);
  }
}

async function once<T>(url: string, request: RequestInit, read: Read<T>): Promise<Once<T>> {
  const gone = new AbortController();
  const late = new DOMException('The answer is late.', 'TimeoutError');
  const timer = setTimeout(() => gone.abort(late), ANSWER_MS);
  try {
    const response = await fetch(url, { ...request, signal: gone.signal });
    if (response.ok) return { value: await read(response, url) };
    const error = problemOf(url, response.status, await response.text());
    return { error, retryAfterMs: retryAfter(response) };
  } catch (error) {
    const isAnswer = error instanceof ServiceError;
    return { error: isAnswer ? error : unreachable(url, error), retryAfterMs: undefined };
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the pause in milliseconds. The header may hold seconds or a date. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function problemOf(url: string, status: number, text: string): ServiceError {
  try {
    const { code, detail, pointer } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code === 'string' && typeof detail === 'string') {
      const at = typeof pointer === 'string' ? pointer : null;
      return new ServiceError(url, status, code, detail, at);
    }
  } catch {
    // The answer came from a program other than Minutebook.
  }
  return new ServiceError(url, status, undefined, text.slice(0, 200) || 'nothing more.');
}

function unreachable(url: string, error: unknown): Unreachable {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const why = late ? `no answer in ${seconds(ANSWER_MS)} s` : whyOf(error);
  return new Unreachable(new URL(url).origin, why, error);
}

/** Returns why `fetch` failed. The error's own message does not say; its cause does. */
function whyOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return String((cause as Error)?.message ?? error);
}
