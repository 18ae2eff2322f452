import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

import { checkedUrl, lookupWithin, type Border } from './outgoing';

/** What a receiver answered, or why there was no answer. */
export interface Answer {
  /** `null` if there was no answer. */
  readonly status: number | null;
  /** The beginning of the body, if requested. */
  readonly body: string | null;
  /** What went wrong; `null` after a success. */
  readonly error: string | null;
  /** The pause that the answer's Retry-After asks for, in milliseconds. */
  readonly retryAfterMs: number | null;
}

export interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * How long a receiver may take to answer, in milliseconds; how many bytes of its body are read, and how many of its
 * headers.
 */
const ANSWER_MS = 10_000;
const MOST_BYTES = 4_096;
const MOST_HEADER_BYTES = 16_384;

/**
 * Posts a body to a webhook and returns the result; never throws. Does not follow redirects. Closes the connection
 * after the status and the part of the body that it reads, so that anything more the receiver sends costs nothing.
 * @param wantsBody whether to read the beginning of the answer's body.
 */
export async function post(
  posted: Posted,
  border: Border,
  { wantsBody = false, mostBytes = MOST_BYTES, answerMs = ANSWER_MS, signal }: PostOptions = {},
): Promise<Answer> {
  const late = AbortSignal.timeout(answerMs);
  const stop = signal === undefined ? late : AbortSignal.any([late, signal]);
  let status: number | null = null;
  try {
    const response = await send(posted, border, stop);
    status = response.statusCode ?? null;
    const body = wantsBody ? await beginningOf(response, mostBytes) : null;
    response.destroy();
    const retryAfterMs = readRetryAfter(response.headers['retry-after'], Date.now());
    return { status, body, error: faultOf(status ?? 0), retryAfterMs };
  } catch (error) {
    const why = late.aborted ? `no answer within ${answerMs / 1_000} s` : whyOf(error);
    return { status, body: null, error: why, retryAfterMs: null };
  }
}

export interface PostOptions {
  readonly wantsBody?: boolean;
  /** How many bytes of the body to read. */
  readonly mostBytes?: number;
  readonly answerMs?: number;
  readonly signal?: AbortSignal;
}

async function send(
  { url: text, headers, body }: Posted,
  border: Border,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = checkedUrl(text, border);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      // One connection for each delivery: a kept connection could go to an address that the name no longer has.
      agent: false,
      lookup: lookupWithin(border),
      maxHeaderSize: MOST_HEADER_BYTES,
      signal,
      headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
    });
    sent.once('response', resolve);
    // Node reports a change of protocols (101) in no other way, and then not even the time limit ends the request.
    sent.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.destroy());
    });
    sent.once('close', () => reject(new Error('closed without an answer')));
    // A request may fail more than once, even after the answer arrived.
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Reads only the beginning of a body. If the answer breaks off, returns what arrived. */
async function beginningOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= mostBytes) break;
    }
  } catch {
    // Ignored: the status is the receiver's verdict.
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

function faultOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

/** Returns why there was no answer, without what an error may reveal about the internal network. */
function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'WEBHOOK_URL_NOT_ALLOWED') return message;
  if (code === 'HPE_HEADER_OVERFLOW') return 'the head of the answer is too large';
  return code ?? 'the connection failed';
}

/** Reads seconds or a date. Anything else is ignored. */
function readRetryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
