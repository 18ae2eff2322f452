import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { isClientError } from '../errors.js';
import { authorization, type Key } from '../key.js';
import { retryAfterMs } from '../retry-after.js';
import { LateError, Post, type RawAnswer } from './post.js';

/** The ledger's verdict on one event. */
export interface Verdict {
  readonly id: string | null;
  readonly source: string | null;
  readonly status: 'recorded' | 'duplicate' | 'rejected';
  readonly position: string | null;
  readonly code?: string;
  readonly detail?: string;
  readonly pointer?: string | null;
  readonly fields?: readonly string[] | null;
}

/** Why a request was not answered with verdicts. */
export interface Failure {
  readonly code: string;
  /** Whether the code is the ledger's own; else the client chose it. */
  readonly told: boolean;
  readonly detail: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

/**
 * The outcome of a request: `answered` with a verdict for each event; `unfit`: refused whole, and never acceptable
 * unchanged; or `failed`: with an unknown effect, to be sent again.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly verdicts: readonly Verdict[]; readonly position: string }
  | { readonly kind: 'unfit'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface DeliveryOptions {
  readonly url: string;
  readonly key: Key | undefined;
  readonly timeoutMs: number;
}

const BATCH_TYPE = 'application/cloudevents-batch+json';
/** Smaller bodies are not worth compressing. */
const GZIP_BYTES = 1024;
/**
 * Codes with which the ledger refuses a whole request. If it is sent again in halves, its valid events are accepted.
 */
const UNFIT = new Set([
  'invalid_json',
  'too_deep',
  'invalid_body',
  'body_too_large',
  'too_many_events',
]);

const pack = promisify(gzip);

/** Posts batches of events, compressed unless the ledger refuses that. */
export class Delivery {
  private packs = true;
  private readonly door: Post;
  private readonly ended = new AbortController();

  constructor(private readonly options: DeliveryOptions) {
    this.door = new Post(`${options.url}/v1/events`);
  }

  /**
   * Sends events (each as its JSON text) in one request. Never throws.
   * @param holds whether the process stays alive for the answer.
   */
  async send(texts: readonly string[], holds = false): Promise<Outcome> {
    const body = Buffer.from(`[${texts.join(',')}]`);
    try {
      if (this.packs && body.length >= GZIP_BYTES) {
        const answer = await this.post(await pack(body), { 'content-encoding': 'gzip' }, holds);
        if (answer.status !== 415) return interpret(answer, texts.length);
        this.packs = false;
      }
      return interpret(await this.post(body, {}, holds), texts.length);
    } catch (error) {
      return { kind: 'failed', failure: noAnswer(error) };
    }
  }

  /** Aborts requests under way, also one that still waits for its key, and all later ones. Events may be sent again. */
  abort(): void {
    this.ended.abort();
    this.door.abort();
  }

  private async post(
    body: Uint8Array,
    more: Readonly<Record<string, string>>,
    holds: boolean,
  ): Promise<RawAnswer> {
    const { key, timeoutMs } = this.options;
    const carried = await authorization(key, AbortSignal.timeout(timeoutMs), this.ended.signal);
    const headers = { 'content-type': BATCH_TYPE, ...carried, ...more };
    return this.door.send(body, headers, timeoutMs, holds);
  }
}

function interpret({ status, retryAfter, text }: RawAnswer, count: number): Outcome {
  const body = parse(text);
  if (status === 200 || status === 207) {
    const { position, results } = body as { position?: unknown; results?: unknown };
    if (typeof position === 'string' && Array.isArray(results) && results.length === count) {
      const verdicts = results as Verdict[];
      if (verdicts.every(isVerdict)) return { kind: 'answered', verdicts, position };
    }
  }
  const { code, detail } = body as { code?: unknown; detail?: unknown };
  const failure: Failure = {
    code: typeof code === 'string' ? code : nameOf(status),
    told: typeof code === 'string',
    detail:
      typeof detail === 'string' ? detail : `The ledger gave an unexpected answer (${status}).`,
    status,
    retryAfterMs: retryAfterMs(retryAfter, Date.now()),
  };
  return { kind: UNFIT.has(failure.code) && status < 500 ? 'unfit' : 'failed', failure };
}

function isVerdict(verdict: Verdict): boolean {
  return ['recorded', 'duplicate', 'rejected'].includes(verdict.status);
}

/** Parses JSON into an object; an empty one if it is not an object. */
function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function nameOf(status: number): string {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 413) return 'body_too_large';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'unavailable' : 'unexpected_answer';
}

function noAnswer(error: unknown): Failure {
  if (isClientError(error)) {
    const { code, message: detail } = error;
    return { code, told: false, detail, status: null, retryAfterMs: null };
  }
  const late = error instanceof LateError;
  const { message, code } = error as NodeJS.ErrnoException;
  return {
    code: late ? 'timeout' : 'unreachable',
    told: false,
    detail: late
      ? 'The ledger did not answer in time.'
      : `The ledger was not reached: ${message || code}`,
    status: null,
    retryAfterMs: null,
  };
}
