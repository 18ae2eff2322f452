import type { RatedFacts } from '../domain/billing/item';
import type { LogPlace } from '../domain/billing/place';
import type { LogFacts } from '../domain/billing/usage-log';
import type { SealedText } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import type { RatedLogRow, UsageLogRow } from './rows';

/**
 * The fields that only describe a log, and its parent. They are stored in one JSON text, without those that are null.
 */
const DESCRIBING = [
  'client_id',
  'parent_log_id',
  'started_at',
  'processing_time_seconds',
  'language',
  'enable_diarization',
  'original_filename',
  'file_size_bytes',
  'word_count',
  'character_count',
  'provider_metadata',
  'filename_in',
  'metadata_in',
  'erased',
] as const satisfies readonly (keyof LogFacts)[];

/** Stored instead of the file name's sealed text if that is the same as the metadata's. */
const SAME = 'metadata_in';

export type LogDescription = Pick<LogFacts, (typeof DESCRIBING)[number]>;

/** A description as it is stored: without null fields, and with {@link SAME} instead of a repeated sealed text. */
type StoredDescription = Partial<Omit<LogDescription, 'filename_in'>> & {
  readonly filename_in?: SealedText | typeof SAME | null;
};

/** Returns the row of a log. */
export function logRow(log: LogFacts, place: LogPlace): UsageLogRow {
  return {
    id: log.id,
    session_id: log.session_id,
    attempt: log.attempt,
    user_id: log.user_id,
    billing_period: log.billing_period,
    late_position: place.late_position,
    completed_at: place.completed_at,
    currency: log.currency,
    usage_period: log.usage_period,
    stt_provider: log.stt_provider,
    transcription_type: log.transcription_type,
    billable: log.billable ? 1 : 0,
    billing_reason: log.billing_reason,
    duration_seconds: log.duration_seconds,
    billed_seconds: log.billed_seconds,
    channels: log.channels,
    speaker_count: log.speaker_count,
    confidence_score: log.confidence_score,
    plan: log.plan,
    rate_card_id: log.rate_card_id,
    position: Number(log.position),
    described: writeDescription(log),
  };
}

export function writeDescription(log: LogDescription): string {
  const described: Record<string, unknown> = {};
  for (const name of DESCRIBING) if (log[name] !== null) described[name] = log[name];
  if (!log.erased) delete described['erased'];
  // Usually one fact has both values. Its sealed text, which may be long, is then stored once.
  const { filename_in: filename, metadata_in: metadata } = log;
  if (filename !== null && filename.sealed === metadata?.sealed) described['filename_in'] = SAME;
  return JSON.stringify(described);
}

export function readDescription(text: string): LogDescription {
  const told = JSON.parse(text) as StoredDescription;
  const sealedMetadata = told.metadata_in ?? null;
  return {
    client_id: told.client_id ?? null,
    parent_log_id: told.parent_log_id ?? null,
    started_at: told.started_at ?? null,
    processing_time_seconds: told.processing_time_seconds ?? null,
    language: told.language ?? null,
    enable_diarization: told.enable_diarization ?? null,
    original_filename: told.original_filename ?? null,
    file_size_bytes: told.file_size_bytes ?? null,
    word_count: told.word_count ?? null,
    character_count: told.character_count ?? null,
    provider_metadata: told.provider_metadata ?? null,
    filename_in: told.filename_in === SAME ? sealedMetadata : (told.filename_in ?? null),
    metadata_in: sealedMetadata,
    erased: told.erased ?? false,
  };
}

/** The personal fields of a log of an erased user. */
export const NOTHING_PERSONAL = {
  original_filename: null,
  provider_metadata: null,
  filename_in: null,
  metadata_in: null,
} as const;

/** Returns a stored description without all that is personal, and says that it was erased. */
export function erasedDescription(text: string): string {
  return writeDescription({ ...readDescription(text), ...NOTHING_PERSONAL, erased: true });
}

/**
 * Returns the facts of a log from its row. The fields are listed in one order on purpose: V8 then gives all logs one
 * hidden class. Objects made by spreading, or by a loop over names, took thirty times as long here, and slowed down the
 * code that reads them.
 */
export function logFacts(row: UsageLogRow): LogFacts {
  const described = readDescription(row.described);
  return {
    id: row.id,
    session_id: row.session_id,
    user_id: row.user_id,
    client_id: described.client_id,
    attempt: row.attempt,
    retry_count: row.attempt - 1,
    transcription_type: row.transcription_type,
    billable: row.billable === 1,
    billing_reason: row.billing_reason,
    parent_log_id: described.parent_log_id,
    stt_provider: row.stt_provider,
    duration_seconds: row.duration_seconds,
    billed_seconds: row.billed_seconds,
    currency: row.currency,
    usage_period: row.usage_period,
    billing_period: row.billing_period,
    late: Number(row.late_position) > 0,
    plan: row.plan,
    rate_card_id: row.rate_card_id,
    started_at: described.started_at,
    completed_at: printInstant(Number(row.completed_at)),
    processing_time_seconds: described.processing_time_seconds,
    language: described.language,
    enable_diarization: described.enable_diarization,
    original_filename: described.original_filename,
    file_size_bytes: described.file_size_bytes,
    channels: row.channels,
    speaker_count: row.speaker_count,
    confidence_score: row.confidence_score,
    word_count: described.word_count,
    character_count: described.character_count,
    provider_metadata: described.provider_metadata,
    position: String(row.position),
    erased: described.erased,
    filename_in: described.filename_in,
    metadata_in: described.metadata_in,
  };
}

/** Returns the fields of a row that rating uses. */
export function ratedFacts(row: RatedLogRow): RatedFacts {
  return { ...row, billable: row.billable === 1 };
}
