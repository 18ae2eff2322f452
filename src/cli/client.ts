import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { dataDirOf } from '../config/config';
import { firstKeysFile } from '../security/keys/first-keys';
import type { Role } from '../security/roles';

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

/** A service, and what opens it. */
export interface ServiceAddress {
  /** Without a slash at its end. */
  readonly url: string;
  /** An API key or a token; `undefined` = none was given or found. */
  readonly key: string | undefined;
}

/** Nobody answers at an address. */
export class UnreachableError extends Error {}

const TRIES = 8;
const FIRST_PAUSE_MS = 250;

/**
 * Posts a batch to a service. Where the service can't take it just now, it is sent again, which is always safe.
 * @throws Error that says what the service answered.
 */
export async function sendBatch(
  service: ServiceAddress,
  events: readonly unknown[],
): Promise<SentBatch> {
  const body = JSON.stringify(events);
  for (let tries = 1; ; tries += 1) {
    const answer = await post(service, '/v1/events', body);
    if (typeof answer !== 'string') return answer;
    if (tries === TRIES) throw new Error(answer);
    await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

/** The answer, or why it is worth trying again. */
async function post(
  { url: base, key }: ServiceAddress,
  path: string,
  body: string,
): Promise<SentBatch | string> {
  const url = base + path;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', ...bearer(key) },
      body,
    });
  } catch (error) {
    return unreachable(url, error);
  }
  if (response.status === 200 || response.status === 207)
    return (await response.json()) as SentBatch;
  const text = await refusalOf(url, response);
  if (response.status === 503 || response.status === 429) return text;
  throw new Error(text);
}

/** Reads JSON from a service. @throws Error that says what the service answered. */
export function getJson<T>({ url, key }: ServiceAddress, path: string): Promise<T> {
  return askJson(url + path, { method: 'GET', headers: bearer(key) });
}

/** Posts JSON to a service, and reads what it answers. @throws Error that says what the service answered. */
export function postJson<T>({ url, key }: ServiceAddress, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json', ...bearer(key) };
  return askJson(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function askJson<T>(url: string, request: RequestInit): Promise<T> {
  const response = await fetch(url, request).catch((error: unknown) => {
    throw new UnreachableError(unreachable(url, error), { cause: error });
  });
  if (!response.ok) throw new Error(await refusalOf(url, response));
  return (await response.json()) as T;
}

async function refusalOf(url: string, response: Response): Promise<string> {
  const text = `${url} answered ${response.status}: ${await response.text()}`;
  return response.status === 401 ? `${text}\n${HELP}` : text;
}

function bearer(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

const HELP = 'Give a key with --key KEY or MINUTEBOOK_KEY.';

/**
 * A service with the key that a command sends it: the one it was given, that of MINUTEBOOK_KEY, or the data folder's first
 * one of a role where it can be read.
 */
export function addressOf(url: string, role: Role, given: string | undefined): ServiceAddress {
  const named = given ?? process.env['MINUTEBOOK_KEY']?.trim();
  return { url: url.replace(/\/+$/, ''), key: named || firstKey(role) };
}

function firstKey(role: Role): string | undefined {
  try {
    const text = readFileSync(firstKeysFile(dataDirOf(process.env)), 'utf8');
    return (JSON.parse(text) as Partial<Record<Role, string>>)[role];
  } catch {
    // It was taken away, as it should be, or is somebody else's: the service says that a key is missing.
    return undefined;
  }
}

function unreachable(url: string, error: unknown): string {
  const cause = (error as Error).cause;
  return `${url} could not be reached: ${cause instanceof Error ? cause.message : String(error)}`;
}
