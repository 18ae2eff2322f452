import { durationSeconds, type Duration } from './duration.js';
import { checkFields, invalidField } from './fields.js';
import { checkNames, type NamesOf } from '../known-names.js';

/** Fields of every fact: the recording and its user. Ids are 1 to 128 characters of `A-Z a-z 0-9 . _ : @ -`. */
interface OfAttempt {
  readonly session_id: string;
  readonly user_id: string;
  /** The number of the try, from 1 (default: 1). */
  readonly attempt?: number;
  readonly client_id?: string;
  /** Any data of the provider, up to 16 KiB of JSON. */
  readonly provider_metadata?: Readonly<Record<string, unknown>>;
}

/** An attempt began. */
export interface Started extends OfAttempt {
  readonly stt_provider: string;
  readonly language?: string;
  readonly enable_diarization?: boolean;
  readonly original_filename?: string;
  readonly file_size_bytes?: number;
}

/** An attempt produced a transcript: this is what is billed. */
export interface Completed extends OfAttempt {
  readonly stt_provider: string;
  /** The length of the audio; 36,000 seconds at most. */
  readonly duration_seconds: Duration;
  /** Default: 1. */
  readonly channels?: number;
  readonly speaker_count?: number;
  /** From 0 to 1. */
  readonly confidence_score?: number;
  readonly word_count?: number;
  readonly character_count?: number;
  readonly processing_time_seconds?: Duration;
  readonly language?: string;
  readonly original_filename?: string;
}

/** An attempt failed. */
export interface Failed extends OfAttempt {
  readonly stt_provider: string;
  readonly error_code: string;
  readonly error_message?: string;
}

/** Another attempt was requested: `attempt` is the new one, 2 or more. */
export interface Retried extends OfAttempt {
  readonly attempt: number;
  readonly requested_by?: string;
  readonly reason?: string;
  readonly stt_provider?: string;
}

/** The data of each kind of fact. */
export interface Facts {
  readonly started: Started;
  readonly completed: Completed;
  readonly failed: Failed;
  readonly retried: Retried;
}

export type FactKind = keyof Facts;

/** Options of a fact that are rarely needed. */
export interface FactOptions {
  /** When it happened (default: now). A fact reported before keeps its first time. */
  readonly time?: Date | string;
  /**
   * Replaces the id derived from session, attempt and kind: to send a correct fact after finance voided a wrong one.
   */
  readonly id?: string;
  /** CloudEvents extension attributes, such as `traceparent`. Names are `a-z 0-9`. */
  readonly extensions?: Readonly<Record<string, string | number | boolean>>;
}

const OPTIONS: NamesOf<FactOptions> = { time: true, id: true, extensions: true };

/** A fact as it goes over the wire: a CloudEvent. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: { readonly session_id: string; readonly [field: string]: unknown };
  readonly [extension: string]: unknown;
}

const ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const WITH_OFFSET = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(?:Z|[+-][0-9]{2}:[0-9]{2})$/i;
const MOST_ATTEMPTS = 1_000;
const LONGEST_SECONDS = 36_000;
/** The length of `YYYY-MM-DDTHH:MM:SS.sssZ`. */
const TIME_LENGTH = 24;
const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'data', 'subject'];

/**
 * Derives the id of a fact: the same for the same session, attempt and kind, whoever reports it and however often. No
 * session id contains a `/`.
 */
export function factId(kind: FactKind, session_id: string, attempt: number): string {
  return `${session_id}/${attempt}/${kind}`;
}

/**
 * Makes the event of a fact. It refuses missing and misspelt fields, numbers that JSON does not have, and ids, attempts
 * and lengths that the ledger never accepts; the ledger finds all other mistakes.
 * @throws ClientError `invalid_field`, `invalid_option`.
 */
export function makeEvent<K extends FactKind>(
  kind: K,
  source: string,
  fact: Facts[K],
  options: FactOptions,
): CloudEvent {
  checkNames(kind, options, OPTIONS);
  const { session_id, user_id, client_id, attempt = 1 } = fact;
  checkFields(kind, fact as unknown as Readonly<Record<string, unknown>>);
  checkId('session_id', session_id);
  checkId('user_id', user_id);
  if (client_id !== undefined && client_id !== null) checkId('client_id', client_id);
  if (!Number.isSafeInteger(attempt) || attempt < 1 || attempt > MOST_ATTEMPTS) {
    throw invalidField('attempt', `must be a whole number from 1 to ${MOST_ATTEMPTS}`);
  }
  const data: Record<string, unknown> = { ...fact, attempt };
  for (const name of ['duration_seconds', 'processing_time_seconds']) {
    if (data[name] !== undefined && data[name] !== null) {
      data[name] = durationSeconds(data[name] as Duration, name);
    }
  }
  if (Number(data['duration_seconds'] ?? 0) > LONGEST_SECONDS) {
    throw invalidField('duration_seconds', `must be at most ${LONGEST_SECONDS} seconds`);
  }
  for (const part of [data, options.extensions ?? {}]) {
    for (const [name, value] of Object.entries(part)) checkNumbers(name, value);
  }
  for (const name of ATTRIBUTES) {
    if (options.extensions !== undefined && name in options.extensions) {
      throw invalidField(name, 'is not an extension attribute');
    }
  }
  return {
    ...options.extensions,
    specversion: '1.0',
    id: options.id ?? factId(kind, session_id, attempt),
    source,
    type: `transcription.session.${kind}`,
    time: timeOf(options.time),
    data: data as CloudEvent['data'],
  };
}

function checkId(field: string, value: unknown): void {
  if (typeof value === 'string' && ID.test(value) && value !== '.' && value !== '..') return;
  throw invalidField(
    field,
    'must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ - (but not "." or "..")',
  );
}

/** Refuses NaN and infinities: JSON writes them as `null`, and the ledger would take the field for left out. */
function checkNumbers(field: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalidField(field, "holds NaN or Infinity, which JSON can't express");
  }
  if (typeof value !== 'object') return;
  // Goes through the values as JSON will have them.
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'number') checkNumbers(field, part);
    return part;
  });
}

/** Whether a text's day and hour exist: `Date` reads 30 February as 2 March, and 24:00 as the next day. */
function exists(time: string): boolean {
  const minute = time.slice(0, 'YYYY-MM-DDTHH:MM'.length).toUpperCase();
  const read = new Date(`${minute}Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(minute);
}

function timeOf(time: Date | string | undefined): string {
  const sound = typeof time !== 'string' || (WITH_OFFSET.test(time) && exists(time));
  const instant = new Date(time ?? Date.now());
  const text = !sound || Number.isNaN(instant.getTime()) ? '' : instant.toISOString();
  if (text.length !== TIME_LENGTH) {
    throw invalidField(
      'time',
      'must be a Date, or RFC 3339 with an offset, such as 2026-10-01T10:00:00Z',
    );
  }
  return text;
}
