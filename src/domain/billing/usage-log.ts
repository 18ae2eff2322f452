import type { JsonObject } from '../events/facts';
import type { SealedText } from '../session/attempts';
import { minutesOf, printPico, type Pico } from '../pico';
import type { RatedCharge } from './charge';
import type { LogPlace } from './place';

/** What the values of a field are, and how JavaScript has them. */
interface Kinds {
  text: string;
  /** A whole number, not negative. */
  count: number;
  whole: number;
  number: number;
  /** A decimal string. */
  decimal: string;
  flag: boolean;
  /** RFC 3339. */
  instant: string;
  /** `YYYY-MM`. */
  period: string;
  currency: string;
  transcription_type: string;
  billing_reason: string;
  object: JsonObject;
  position: string;
}

/** A kind, and whether `null` is one of its values. */
type FieldKind = keyof Kinds | `${keyof Kinds}?`;

/** The fields of a usage log, in the order of docs/reference/http.md: the one list that there is of them. */
const USAGE_LOG_FIELDS = {
  id: 'text',
  session_id: 'text',
  user_id: 'text',
  client_id: 'text?',
  attempt: 'count',
  retry_count: 'count',
  transcription_type: 'transcription_type',
  billable: 'flag',
  billing_reason: 'billing_reason',
  parent_log_id: 'text?',
  stt_provider: 'text',
  duration_seconds: 'decimal',
  billed_seconds: 'decimal',
  included_seconds: 'decimal',
  billable_minutes: 'decimal',
  cost: 'decimal',
  cost_cents: 'whole',
  currency: 'currency',
  usage_period: 'period',
  billing_period: 'period',
  late: 'flag',
  plan: 'text',
  rate_card_id: 'text?',
  started_at: 'instant?',
  completed_at: 'instant',
  processing_time_seconds: 'decimal?',
  language: 'text?',
  enable_diarization: 'flag?',
  original_filename: 'text?',
  file_size_bytes: 'count?',
  channels: 'count',
  speaker_count: 'count?',
  confidence_score: 'number?',
  word_count: 'count?',
  character_count: 'count?',
  provider_metadata: 'object?',
  position: 'position',
  erased: 'flag',
} as const satisfies Record<string, FieldKind>;

type ValueOf<K extends FieldKind> = K extends `${infer Kind extends keyof Kinds}?`
  ? Kinds[Kind] | null
  : K extends keyof Kinds
    ? Kinds[K]
    : never;

type Fields = typeof USAGE_LOG_FIELDS;
type UsageLogField = keyof Fields;

/** A usage log as people see it. */
export type UsageLog = { readonly [Name in UsageLogField]: ValueOf<Fields[Name]> };

/** The names of the fields, in their order. */
const USAGE_LOG_NAMES = Object.keys(USAGE_LOG_FIELDS) as readonly UsageLogField[];

/** What follows from a log's place in its statement. */
type PlacedField = 'included_seconds' | 'cost' | 'cost_cents';

/**
 * What a log is: who, when, how long, described how, and under which terms. It does not change because a neighbour came.
 */
export type LogFacts = Omit<UsageLog, PlacedField | 'billable_minutes'> & SealedValues;

/** The personal values of a log that are sealed: in which texts they are, `null` those that are not. */
interface SealedValues {
  readonly filename_in: SealedText | null;
  readonly metadata_in: SealedText | null;
}

/** A log with what rating it came to. `billable_minutes` are of its billed seconds. */
export function usageLog(facts: LogFacts, billed: Pico, rated: RatedCharge): UsageLog {
  const values: Record<string, unknown> = {
    ...facts,
    included_seconds: printPico(rated.included),
    billable_minutes: minutesOf(billed),
    cost: printPico(rated.cost),
    cost_cents: rated.cents,
  };
  const log: Record<string, unknown> = {};
  for (const name of USAGE_LOG_NAMES) log[name] = values[name];
  return log as UsageLog;
}

/** The statement that a log belongs to. */
export function statementOf(log: Pick<LogFacts, 'user_id' | 'billing_period'>): {
  readonly user_id: string;
  readonly period: string;
} {
  return { user_id: log.user_id, period: log.billing_period };
}

/** Where a log stands in its statement. */
export function placeOf(
  log: Pick<LogFacts, 'late' | 'position' | 'completed_at' | 'session_id' | 'attempt'>,
): LogPlace {
  return {
    late_position: log.late ? Number(log.position) : 0,
    completed_at: Date.parse(log.completed_at),
    session_id: log.session_id,
    attempt: log.attempt,
  };
}
