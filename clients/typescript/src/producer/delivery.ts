import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { isClientError } from '../errors.js';
import { authorization, type Key } from '../key.js';
import { retryAfterMs } from '../retry-after.js';
import { LateError, Post, type RawAnswer } from './post.js';

/** What the ledger says of one event. */
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
  /** Whether the ledger gave the code itself, and not the client for want of one. */
  readonly told: boolean;
  readonly detail: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

/**
 * What came of a request: a verdict for each event; or nothing of it was taken and it never will be as it is; or nobody knows,
 * and it is sent again.
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
/** Not worth packing below this. */
const GZIP_BYTES = 1024;
/** Codes of a request that is wrong as a whole: in halves, what is sound of it is taken. */
const UNFIT = new Set([
  'invalid_json',
  'too_deep',
  'invalid_body',
  'body_too_large',
  'too_many_events',
]);

const pack = promisify(gzip);

/** Posts batches to the producers' door, packed if the door takes that. */
export class Delivery {
  private packs = true;
  private readonly door: Post;

  constructor(private readonly options: DeliveryOptions) {
    this.door = new Post(`${options.url}/v1/events`);
  }

  /**
   * Sends events (each as its JSON text) in one request. Never throws.
   * @param holds whether the process is to stay alive for the answer.
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

  /** Gives up what is under way: it may be sent again. */
  abort(): void {
    this.door.abort();
  }

  private async post(
    body: Uint8Array,
    more: Readonly<Record<string, string>>,
    holds: boolean,
  ): Promise<RawAnswer> {
    const { key, timeoutMs } = this.options;
    const carried = await within(timeoutMs, authorization(key));
    const headers = { 'content-type': BATCH_TYPE, ...carried, ...more };
    return this.door.send(body, headers, timeoutMs, holds);
  }
}

/** @throws Error if work takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The key was not given in time.')), ms).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
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
      typeof detail === 'string' ? detail : `The ledger answered ${status}, not as it should.`,
    status,
    retryAfterMs: retryAfterMs(retryAfter, Date.now()),
  };
  return { kind: UNFIT.has(failure.code) && status < 500 ? 'unfit' : 'failed', failure };
}

function isVerdict(verdict: Verdict): boolean {
  return ['recorded', 'duplicate', 'rejected'].includes(verdict.status);
}

/** An object, whatever came. */
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
