/**
 * The event types of facts. A fact is what a producer reports about a session, as the ledger keeps it: normalised, with
 * defaults filled in, and with personal fields apart.
 */

export const FACT_TYPES = {
  started: 'transcription.session.started',
  completed: 'transcription.session.completed',
  failed: 'transcription.session.failed',
  retried: 'transcription.session.retried',
} as const;

export type FactKind = keyof typeof FACT_TYPES;

/** How a fact of each kind ends its attempt; `null` if it does not. An attempt has at most one fact that ends it. */
export const OUTCOMES: Readonly<Record<FactKind, 'completed' | 'failed' | null>> = {
  started: null,
  completed: 'completed',
  failed: 'failed',
  retried: null,
};

const KINDS = new Map<string, FactKind>(
  Object.entries(FACT_TYPES).map(([kind, type]) => [type, kind as FactKind]),
);

/** Returns the kind of a CloudEvents type, or `undefined` if Minutebook does not know the type. */
export function factKind(type: string): FactKind | undefined {
  return KINDS.get(type);
}

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The part of a fact that stays readable forever. Durations are decimal strings, in seconds. */
export interface FactData {
  readonly session_id: string;
  readonly user_id: string;
  readonly attempt: number;
  readonly stt_provider?: string;
  readonly client_id?: string;
  readonly language?: string;
  readonly enable_diarization?: boolean;
  readonly file_size_bytes?: number;
  readonly duration_seconds?: string;
  readonly channels?: number;
  readonly speaker_count?: number;
  readonly confidence_score?: number;
  readonly word_count?: number;
  readonly character_count?: number;
  readonly processing_time_seconds?: string;
  readonly error_code?: string;
  readonly reason?: string;
}

/**
 * Personal fields. They are stored apart, so that one user's personal values can be made unreadable without touching
 * the other fields.
 */
export interface PersonalData {
  readonly original_filename?: string;
  readonly provider_metadata?: JsonObject;
  readonly error_message?: string;
  readonly requested_by?: string;
  /** CloudEvents extension attributes, by name. */
  readonly extensions?: JsonObject;
}

/** A fact of a session. `time` is when it happened, in milliseconds since 1970. */
export interface Fact {
  readonly kind: FactKind;
  readonly source: string;
  readonly id: string;
  readonly time: number;
  readonly data: FactData;
  readonly personal: PersonalData;
}

/** The name of a personal field. */
export type PersonalField = keyof PersonalData;

/** Personal values that only the holder of the key can read (docs/adr/0061). */
export interface SealedPersonal {
  /** The id of the key. */
  readonly key: string;
  /** The names of the sealed fields, which stay readable. */
  readonly fields: readonly PersonalField[];
  /** Base64url of a 12-byte nonce, the encrypted JSON of the values, and a 16-byte tag. */
  readonly sealed: string;
}

/** A fact as the ledger keeps it. If its personal values are sealed, `personal` is empty. */
export interface StoredFact extends Fact {
  readonly sealed?: SealedPersonal | undefined;
}

/** A fact with its position in the ledger. */
export interface RecordedFact extends StoredFact {
  readonly position: number;
}

/** How the names of sessions' streams begin. */
export const SESSION_STREAMS = 'session-';

/** Returns the name of the stream that holds a session's facts. */
export function sessionStream(sessionId: string): string {
  return `${SESSION_STREAMS}${sessionId}`;
}

/** Returns a fact's key within its session. The separator cannot occur in either part. */
export function factKey(fact: Pick<Fact, 'source' | 'id'>): string {
  return `${fact.source}\u0000${fact.id}`;
}
