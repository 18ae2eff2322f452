import { setTimeout as sleep } from 'node:timers/promises';

/** A verdict as `POST /v1/events` gives it. */
export interface SentResult {
  readonly status: 'recorded' | 'duplicate' | 'rejected';
  readonly code?: string;
  readonly detail?: string;
  readonly pointer?: string | null;
}

export interface SentBatch {
  readonly position: string;
  readonly results: readonly SentResult[];
}

const TRIES = 8;
const FIRST_PAUSE_MS = 250;

/**
 * Posts a batch to a service. Where the service can't take it just now, it is sent again, which is always safe.
 * @throws Error that says what the service answered.
 */
export async function sendBatch(url: string, events: readonly unknown[]): Promise<SentBatch> {
  const body = JSON.stringify(events);
  for (let tries = 1; ; tries += 1) {
    const answer = await post(`${url}/v1/events`, body);
    if (typeof answer !== 'string') return answer;
    if (tries === TRIES) throw new Error(answer);
    await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

/** The answer, or why it is worth trying again. */
async function post(url: string, body: string): Promise<SentBatch | string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body,
    });
  } catch (error) {
    return unreachable(url, error);
  }
  if (response.status === 200 || response.status === 207)
    return (await response.json()) as SentBatch;
  const text = `${url} answered ${response.status}: ${await response.text()}`;
  if (response.status === 503 || response.status === 429) return text;
  throw new Error(text);
}

/** Reads JSON from a service. @throws Error that says what the service answered. */
export function getJson<T>(url: string): Promise<T> {
  return askJson(url, { method: 'GET' });
}

/** Posts JSON to a service, and reads what it answers. @throws Error that says what the service answered. */
export function postJson<T>(url: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return askJson(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function askJson<T>(url: string, request: RequestInit): Promise<T> {
  const response = await fetch(url, request).catch((error: unknown) => {
    throw new Error(unreachable(url, error), { cause: error });
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

function unreachable(url: string, error: unknown): string {
  const cause = (error as Error).cause;
  return `${url} could not be reached: ${cause instanceof Error ? cause.message : String(error)}`;
}
