import { ClientError } from '../errors.js';
import type { Facts, FactKind } from './facts.js';

type Fields = { readonly [K in FactKind]: { readonly [F in keyof Required<Facts[K]>]: boolean } };

const OF_ATTEMPT = { session_id: true, user_id: true, client_id: false, provider_metadata: false };

/** The fields of each kind of fact, and whether the ledger requires them. */
const FIELDS: Fields = {
  started: {
    ...OF_ATTEMPT,
    attempt: false,
    stt_provider: true,
    language: false,
    enable_diarization: false,
    original_filename: false,
    file_size_bytes: false,
  },
  completed: {
    ...OF_ATTEMPT,
    attempt: false,
    stt_provider: true,
    duration_seconds: true,
    channels: false,
    speaker_count: false,
    confidence_score: false,
    word_count: false,
    character_count: false,
    processing_time_seconds: false,
    language: false,
    original_filename: false,
  },
  failed: {
    ...OF_ATTEMPT,
    attempt: false,
    stt_provider: true,
    error_code: true,
    error_message: false,
  },
  retried: {
    ...OF_ATTEMPT,
    attempt: true,
    requested_by: false,
    reason: false,
    stt_provider: false,
  },
};

/**
 * Refuses a fact that lacks a required field or has an unknown one. The ledger would refuse it for good, and a mistake
 * is better found before the job is acknowledged.
 * @throws ClientError `invalid_field`.
 */
export function checkFields(kind: FactKind, fact: Readonly<Record<string, unknown>>): void {
  const fields: Readonly<Record<string, boolean>> = FIELDS[kind];
  for (const name of Object.keys(fact)) {
    if (Object.hasOwn(fields, name)) continue;
    const names = Object.keys(fields).join(', ');
    throw invalidField(name, `is not a field of ${kind}. It has ${names}`);
  }
  for (const [name, isNeeded] of Object.entries(fields)) {
    if (isNeeded && (fact[name] ?? undefined) === undefined) {
      throw invalidField(name, `must be given for ${kind}`);
    }
  }
}

/** Makes the error for a field of a fact. `what` completes a sentence that begins with the field's name. */
export function invalidField(field: string, what: string): ClientError {
  return new ClientError('invalid_field', `${field} ${what}.`, { field });
}
